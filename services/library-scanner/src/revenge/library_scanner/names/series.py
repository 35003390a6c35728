"""What the folders around a file say of its series."""

import re
from collections.abc import Iterator
from functools import lru_cache

from revenge.library_scanner.names import text
from revenge.library_scanner.names.folders import season_folder
from revenge.library_scanner.names.reading import ANYWHERE, Place, Reading, read
from revenge.library_scanner.names.titles import COUNTRIES, Titled

_COUNTRY = re.compile(rf" (?:\([A-Z]{{2,3}}\)|{COUNTRIES})$")
read_folder = lru_cache(maxsize=4096)(read)  # a folder is read for each of its files


def title(folders: tuple[str, ...], file: Reading) -> Titled:
    """The file's own and its year; the folders' where it has none, or where they agree."""
    for name, around in _not_seasons(folders):
        folder = _read(name)
        if not folder.title or _is_seasons_number(name, around, file):
            continue
        if not file.title or not file.numbered:
            return Titled(folder.title, folder.year)
        if _without_country(folder.title) == _without_country(file.title):
            return Titled(folder.title, file.year or folder.year)  # `The Office (US)`
        if file.title.endswith(f" - {folder.title}"):
            return Titled(folder.title, file.year or folder.year)  # `The Episode - Show S01E02`
    return Titled(file.title, file.year, file.country)


def title_around(folders: tuple[str, ...]) -> str:
    return next((found for name, _ in _not_seasons(folders) if (found := _read(name).title)), "")


def season(folders: tuple[str, ...], parent: Reading) -> int | None:
    """Of the nearest folder that is a season's: an episode may have a folder of its own in it."""
    pairs = zip(folders[:2], (*folders[1:], ""), strict=False)
    found = (season_folder(name, around) for name, around in pairs)
    return next((season for season in found if season is not None), _season_said(parent))


def _season_said(folder: Reading) -> int | None:
    """`Show - Season 2`, and `Show.S02.1080p`: a folder of one season, called like its series."""
    numbers = folder.numbers
    is_whole = numbers is not None and not numbers.episodes and not numbers.absolute
    return numbers.season if numbers and is_whole and folder.title else None


def _not_seasons(folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """With the folder around each."""
    pairs = zip(folders, (*folders[1:], ""), strict=False)
    return ((name, around) for name, around in pairs if season_folder(name, around) is None)


def _read(name: str) -> Reading:
    """A number at the end of a folder's name is the title's: `Room 104`."""
    folder = read_folder(name, ANYWHERE)
    numbers = folder.numbers
    is_one = numbers is not None and len(numbers.episodes or numbers.absolute) == 1
    if is_one and not folder.certain and not folder.tagged:
        return read_folder(name, Place(is_film=True))
    return folder


def _is_seasons_number(name: str, around: str, file: Reading) -> bool:
    """`Show/02/S02E03`."""
    numbers = file.numbers
    return bool(around) and name.isdecimal() and numbers is not None and int(name) == numbers.season


def _without_country(title: str) -> str:
    return text.fold(_COUNTRY.sub("", title))
