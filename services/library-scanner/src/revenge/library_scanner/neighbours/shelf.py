"""One folder's files by what they are to a video: each found without going through all of them."""

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from revenge.library_scanner.names.extras import extra_kind
from revenge.library_scanner.neighbours.sidecars import CODECS
from revenge.library_scanner.walk import File, FileKind, Folder
from revenge.library_scanner.walk.kinds import extension

_SEPARATORS = re.compile(r"[\s._\-\[(]")
_TITLE_END = re.compile(r"\s*[\[({].*")


class Subtitle(NamedTuple):
    """`rest` is what its name says beyond the video's."""

    name: str
    rest: str


def stem_of(name: str) -> str:
    return name.rpartition(".")[0] or name


class Shelf:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.names = tuple(folder.relative.split("/")) if folder.relative else ()

    @functools.cached_property
    def titles(self) -> Mapping[str, File]:
        """The videos that are no extras, by their stem in lower case."""
        return {
            stem_of(file.name).lower(): file
            for file in self.folder.files
            if file.kind is FileKind.VIDEO and extra_kind(self.names, file.name) is None
        }

    @functools.cached_property
    def images(self) -> Mapping[str, str]:
        return self._by_stem(FileKind.IMAGE)

    @functools.cached_property
    def nfos(self) -> Mapping[str, str]:
        return self._by_stem(FileKind.NFO)

    @functools.cached_property
    def holds_one_title(self) -> bool:
        """Whether what belongs to the folder belongs to each video in it: parts, or versions."""
        if not self.names or not self.titles:
            return False
        name = _TITLE_END.sub("", self.names[-1].lower())
        return len(self.titles) == 1 or all(stem.startswith(name) for stem in self.titles)

    def path(self, name: str) -> str:
        return f"{self.folder.path}/{name}"

    def subtitles(self, stems: Collection[str]) -> Mapping[str, list[Subtitle]]:
        """By the stem of the video whose name they begin with; under "" those of no video."""
        found: dict[str, list[Subtitle]] = {}
        for file in self._subtitle_files():
            stem = stem_of(file.name)
            owner = _owner(stem.lower(), stems)
            found.setdefault(owner, []).append(Subtitle(file.name, stem[len(owner) :]))
        return found

    @functools.cached_property
    def own_subtitles(self) -> Mapping[str, list[Subtitle]]:
        return self.subtitles(self.titles.keys())

    def _subtitle_files(self) -> Iterator[File]:
        files = [file for file in self.folder.files if extension(file.name) in CODECS]
        indexed = {stem_of(file.name) for file in files if extension(file.name) == "idx"}
        for file in files:
            # the pictures of an index are read through it
            if extension(file.name) != "sub" or stem_of(file.name) not in indexed:
                yield file

    def _by_stem(self, kind: FileKind) -> Mapping[str, str]:
        files = (file for file in self.folder.files if file.kind is kind)
        return {stem_of(file.name).lower(): file.name for file in files}


def _owner(stem: str, stems: Collection[str]) -> str:
    """The longest of the stems that this one begins with, up to a separator."""
    if stem in stems:
        return stem
    cuts = [found.start() for found in _SEPARATORS.finditer(stem)]
    return next((stem[:cut] for cut in reversed(cuts) if stem[:cut] in stems), "")
