"""Videos that are no title of their own, told by folder and by the end of the name.

The conventions of Plex, Jellyfin and Kodi: https://support.plex.tv/articles/local-files-for-trailers-and-extras/
"""

import enum
import re
from collections.abc import Sequence

from revenge.library_scanner.names.folders import season_folder
from revenge.library_scanner.walk.kinds import FileKind, file_kind


class ExtraKind(enum.StrEnum):
    TRAILER = "trailer"
    BEHIND_THE_SCENES = "behind_the_scenes"
    DELETED_SCENE = "deleted_scene"
    FEATURETTE = "featurette"
    INTERVIEW = "interview"
    SCENE = "scene"
    SHORT = "short"
    CLIP = "clip"
    SAMPLE = "sample"
    THEME_VIDEO = "theme_video"
    THEME_SONG = "theme_song"
    OTHER = "other"


_FOLDERS = {
    "backdrop": ExtraKind.THEME_VIDEO,
    "backdrops": ExtraKind.THEME_VIDEO,
    "behind the scenes": ExtraKind.BEHIND_THE_SCENES,
    "bloopers": ExtraKind.OTHER,
    "bonus": ExtraKind.OTHER,
    "clips": ExtraKind.CLIP,
    "deleted": ExtraKind.DELETED_SCENE,
    "deleted scenes": ExtraKind.DELETED_SCENE,
    "extra": ExtraKind.OTHER,
    "extras": ExtraKind.OTHER,
    "featurette": ExtraKind.FEATURETTE,
    "featurettes": ExtraKind.FEATURETTE,
    "gag reel": ExtraKind.OTHER,
    "interviews": ExtraKind.INTERVIEW,
    "making of": ExtraKind.BEHIND_THE_SCENES,
    "other": ExtraKind.OTHER,
    "others": ExtraKind.OTHER,
    "sample": ExtraKind.SAMPLE,
    "samples": ExtraKind.SAMPLE,
    "scenes": ExtraKind.SCENE,
    "shorts": ExtraKind.SHORT,
    "theme music": ExtraKind.THEME_SONG,
    "trailer": ExtraKind.TRAILER,
    "trailers": ExtraKind.TRAILER,
}
_GLUED = {name.replace(" ", ""): kind for name, kind in _FOLDERS.items()}
_SEPARATORS = re.compile(r"[ ._-]+")
_ENDS = {
    "behindthescenes": ExtraKind.BEHIND_THE_SCENES,
    "clip": ExtraKind.CLIP,
    "deleted": ExtraKind.DELETED_SCENE,
    "deletedscene": ExtraKind.DELETED_SCENE,
    "extra": ExtraKind.OTHER,
    "featurette": ExtraKind.FEATURETTE,
    "interview": ExtraKind.INTERVIEW,
    "other": ExtraKind.OTHER,
    "scene": ExtraKind.SCENE,
    "short": ExtraKind.SHORT,
}
_END = re.compile(rf"(?<=[^\s-])-({'|'.join(_ENDS)})\d{{0,2}}$", re.IGNORECASE)
# these two are common enough to be set apart in any way, or to be the whole name
_LOOSE_END = re.compile(r"(?:^|.[-._ ]|- )(trailer|sample)\d{0,2}$", re.IGNORECASE)
_LONGEST_END = 24
_YEAR = re.compile(r"[\[(](?:19|20)\d\d[\])]")
_TELLS_A_TITLE = re.compile(rf"{_YEAR.pattern}|\bs\d{{1,4}}[ ._-]?e\d{{1,4}}", re.IGNORECASE)


def extra_kind(folders: Sequence[str], name: str) -> ExtraKind | None:
    """None for a title. `folders` are those between the library's root and the file.

    A series may be called Extras: the first folder counts only if the file lies right in it and
    does not name a title of its own.
    """
    stem, _, end = name.rpartition(".")
    stem = stem or end
    if stem.lower() == "theme":
        is_song = file_kind(name) is FileKind.AUDIO
        return ExtraKind.THEME_SONG if is_song else ExtraKind.THEME_VIDEO
    return _by_folder(folders, stem) or _by_end(stem, end.lower())


def _by_folder(folders: Sequence[str], stem: str) -> ExtraKind | None:
    for depth, folder in reversed(list(enumerate(folders))):
        kind = _FOLDERS.get(_SEPARATORS.sub(" ", folder.lower())) or _GLUED.get(folder.lower())
        if kind is None:
            continue
        if depth == 0:
            is_extra = len(folders) == 1 and not _TELLS_A_TITLE.search(stem)
            return kind if is_extra else None
        if not _is_shelf(folders[depth - 1], [*folders[depth + 1 :], stem]):
            return kind
    return None


def _is_shelf(around: str, inside: Sequence[str]) -> bool:
    """`Movies/Shorts/Film (2000)/Film.mkv`: a folder of films, in one that is not a film's."""
    if _TELLS_A_TITLE.search(around) or season_folder(around) is not None:
        return False
    return any(_YEAR.search(name) for name in inside)


def _by_end(stem: str, extension: str) -> ExtraKind | None:
    tail = stem[-_LONGEST_END:]
    found = _END.search(tail)
    if found:
        return _ENDS[found[1].lower()]
    found = _LOOSE_END.search(tail)
    if found and extension != "mp3":
        return ExtraKind(found[1].lower())
    return None
