"""Films kept as the folders of a disc: `Film (2000)/BDMV/STREAM/00000.m2ts`, `.../VIDEO_TS`."""

import re
from collections.abc import Sequence

from revenge.library_scanner.walk import File, FileKind

_FOLDERS = {"bdmv", "stream", "video_ts", "hvdvd_ts"}
_ROOTS = {"bdmv", "video_ts", "hvdvd_ts"}
_DVD_PART = re.compile(r"vts_(\d\d)_([1-9])\.vob", re.IGNORECASE)


def home(names: tuple[str, ...]) -> tuple[str, ...]:
    """The film's own folder: the one that holds the disc's, or the folder itself."""
    for depth, name in enumerate(names):
        if name.lower() in _ROOTS and all(below.lower() in _FOLDERS for below in names[depth:]):
            return names[:depth]
    return names


def is_main(files: Sequence[File], video: File) -> bool:
    """Whether this is where the film begins: in the longest title of the disc."""
    videos = [file for file in files if file.kind is FileKind.VIDEO]
    titles: dict[str, int] = {}
    for file in videos:
        titles[_title(file)] = titles.get(_title(file), 0) + file.size
    longest = max(sorted(titles), key=titles.__getitem__)
    first = min((file for file in videos if _title(file) == longest), key=lambda file: file.name)
    return first.name == video.name


def _title(file: File) -> str:
    """A DVD's titles are cut into parts of 1 GB; menus (`VTS_01_0.VOB`) are none."""
    part = _DVD_PART.fullmatch(file.name)
    return part[1] if part else file.name
