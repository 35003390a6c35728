"""A whole path, put together from what its names say."""

import re
from typing import NamedTuple

from msgspec import structs

from revenge.contracts.library import Kind, LibraryType
from revenge.contracts.paths import to_text
from revenge.library_scanner.names import ids, obfuscated, release, series, text, years
from revenge.library_scanner.names.extras import extra_kind
from revenge.library_scanner.names.name import Name
from revenge.library_scanner.names.numbers import Numbers
from revenge.library_scanner.names.reading import Place, Reading, read
from revenge.library_scanner.walk.kinds import FileKind, extension, file_kind

MAX_PATH = 4096
_MOST_FOLDERS = 5  # those nearest to the file
_MORE_EXTENSIONS = {"disc", "iso", "nzb", "torrent", "strm", "img", "ifo"}
_PART_FOLDERS = re.compile(
    r"bdmv|stream|video_ts|hvdvd_ts|subs?|subtitles|(?:cd|dis[ck]|dvd|pt|part)[ ._-]?\d{1,2}",
    re.IGNORECASE,
)
_QUALITY_FOLDER = re.compile(
    r"(?:(?:\d{3,4}[pi]|[48]k|uhd|fhd|hd|sd|3d|hdr|blu-?ray|remux|web-?dl|web|dvd)[ ._-]*)+",
    re.IGNORECASE,
)
_PART_FOLDER = re.compile(r"(?:cd|dis[ck]|dvd|pt|part)[ ._-]?(\d{1,2})", re.IGNORECASE)
_DISC = re.compile(r"bdmv|video_ts|hvdvd_ts", re.IGNORECASE)
_COLLECTION = re.compile(
    r"\b(?:collection|trilogy|quadrilogy|anthology|saga|box ?set|filmography)\b|\d{4} ?- ?\d{4}",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"[a-z0-9]{2,6}-[a-z0-9._-]+")  # `grp-film.dvdrip`, as groups name files
_DRIVE = re.compile(r"[A-Za-z]:")
_MANY_DIGITS = 4
_MOST_LETTERS = 200


class Path(NamedTuple):
    """Names of a path: `stem` of the file, and its folders, nearest first, that may name it."""

    stem: str
    folders: tuple[str, ...]
    every: tuple[str, ...]  # nearest first, as they are
    part: int | None = None  # by a folder: `CD2`


def parse(path: str, root: str = "", kind: LibraryType = LibraryType.MIXED) -> Name:
    """What the path says, below the library's root. Never raises; `path` is as `os` gives it."""
    names = _names(to_text(path)[-MAX_PATH:].removeprefix(to_text(root)))
    if not names:
        return Name(kind=Kind.MOVIE)
    return _parse(_split(names), kind)


def _parse(path: Path, kind: LibraryType) -> Name:
    is_film = kind is LibraryType.MOVIE
    around = Place(is_film=is_film)
    parent = series.read_folder(path.folders[0], around) if path.folders else Reading()
    season = None if is_film else series.season(path.folders, parent)
    is_series = kind is LibraryType.TVSHOW or season is not None
    title = series.title_around(path.folders) if is_series else parent.title
    is_video = file_kind(path.every[0]) is FileKind.VIDEO
    place = Place(is_film=is_film, is_series=is_series, is_video=is_video, parent=text.fold(title))
    if path.folders and _COLLECTION.search(path.folders[0]) and not parent.year:
        parent = Reading()  # it holds several titles
    file = Reading() if obfuscated.is_meaningless(path.stem) else read(path.stem, place)
    told_by_folder = parent.certain and not file.certain and season is None
    if not is_film and _is_one_of_many(path.stem, parent):
        found = _one_of_many(path, parent)
    elif told_by_folder:
        found = _episode(path, parent, season)
    elif file.numbered or is_series:
        found = _episode(path, file, season)
    else:
        found = _film(path, file, parent)
    return _described(found, path, file, parent)


def _described(found: Name, path: Path, file: Reading, parent: Reading) -> Name:
    """With what is said of the release, by the file's name or else by its folder's."""
    by_folder = not file.tags and parent.tagged
    name, tags = (path.folders[0], parent.tags) if by_folder else (path.stem, file.tags)
    told = release.read(name, tags)
    return structs.replace(
        found,
        ids=ids.find(path.every),
        quality=told.quality,
        resolution=told.resolution,
        source=told.source,
        languages=told.languages,
        release_group=told.group,
        version=told.version,
        three_d=told.three_d,
        extra_kind=extra_kind(path.every[:0:-1], path.every[0]),
    )


def _is_one_of_many(stem: str, parent: Reading) -> bool:
    """A bare number in a folder that is neither called so nor a film's."""
    if not stem.isdecimal() or len(stem) > _MANY_DIGITS or parent.certain:
        return False
    if parent.numbered:
        return bool(parent.title)
    return bool(parent.title) and parent.title != stem and not (parent.year or parent.tagged)


def _one_of_many(path: Path, parent: Reading) -> Name:
    number = (int(path.stem),)
    season = parent.numbers.season if parent.numbers else None
    return Name(
        kind=Kind.EPISODE,
        title=parent.title,
        year=parent.year,
        season=season,
        episodes=number,
        absolute=number if season is None else (),
    )


def _episode(path: Path, file: Reading, season: int | None) -> Name:
    numbers = file.numbers or Numbers(0, 0)
    title, year, country = series.title(path.folders, file)
    certain = file.certain or season is None
    absolute = numbers.absolute
    episodes = numbers.episodes or absolute
    if not certain and episodes and episodes[0] // 100 == season:
        # `Season 2/Show 205`
        episodes, absolute = tuple(number % 100 for number in episodes), ()
    return Name(
        kind=Kind.EPISODE,
        title=title,
        year=year or _year_of(numbers),
        country=country,
        season=numbers.season if certain else season,
        episodes=episodes,
        absolute=absolute,
        date=file.date,
        episode_title=_episode_title(file, title),
    )


def _year_of(numbers: Numbers) -> int | None:
    """`S2014E18`: a season that is called by its year."""
    return numbers.season if numbers.season in years.POSSIBLE else None


def _episode_title(file: Reading, series: str) -> str | None:
    """What follows the number; without one, what the file says beside the series."""
    said = text.title(file.rest) if file.numbered else file.title.removeprefix(f"{series} - ")
    return said[:_MOST_LETTERS] if said and said != series else None


def _film(path: Path, file: Reading, parent: Reading) -> Name:
    title, year = _film_title(path.stem, file, parent)
    return Name(
        kind=Kind.MOVIE,
        title=title,
        year=year,
        part=file.part or path.part,
        edition=file.edition or parent.edition,
    )


def _film_title(stem: str, file: Reading, parent: Reading) -> tuple[str, int | None]:
    """The folder's, where it says more, or the same in cleaner words."""
    if not parent.title or not (parent.year or parent.tagged):
        return file.title, file.year
    if not file.title or (parent.year and not file.year):
        return parent.title, parent.year or file.year
    if parent.year == file.year and parent.year:
        cleaner = f" {text.fold(parent.title)} " in f" {text.fold(file.title)} "
        return (parent if cleaner else file).title, file.year
    if parent.tagged and not file.year and (not file.tagged or _ABBREVIATED.fullmatch(stem)):
        return parent.title, parent.year
    return file.title, file.year


def _split(names: list[str]) -> Path:
    *folders, name = names
    nearest = [_without_extension(text.visible(folder)) for folder in folders[::-1]]
    telling = [
        ids.without(folder).strip()
        for folder in nearest[: 2 * _MOST_FOLDERS]
        if not _says_nothing(folder)
    ]
    stem = obfuscated.forwards(ids.without(_without_extension(text.visible(name))).strip())
    if any(_DISC.fullmatch(folder) for folder in nearest[:2]):
        stem = ""  # a disc's own names say nothing
    part = _PART_FOLDER.fullmatch(nearest[0]) if nearest else None
    return Path(
        stem,
        tuple(telling[:_MOST_FOLDERS]),
        tuple(names[::-1]),
        int(part[1]) if part else None,
    )


def _says_nothing(folder: str) -> bool:
    return bool(
        _PART_FOLDERS.fullmatch(folder)
        or _QUALITY_FOLDER.fullmatch(folder)
        or obfuscated.is_meaningless(folder)
    )


def _without_extension(name: str) -> str:
    end = extension(name)
    if file_kind(name) is FileKind.OTHER and end not in _MORE_EXTENSIONS:
        return name
    return name[: -len(end) - 1]


def _names(path: str) -> list[str]:
    """With slashes that belong to a name put back: `Titel / Title`, `(2024/S01E02/HD)`."""
    names: list[str] = []
    rest = path
    for name in path.split("/"):
        rest = rest[len(name) + 1 :]
        if names and (_is_spaced(names[-1], name) or _is_open(names[-1], f"{name}/{rest}")):
            names[-1] = f"{names[-1]}/{name}"
        else:
            names.append(name)
    return [name for name in names if name.strip() and not _DRIVE.fullmatch(name)]


def _is_spaced(name: str, following: str) -> bool:
    return name.endswith(" ") and following.startswith(" ")


def _is_open(name: str, following: str) -> bool:
    """Whether a bracket of this name is closed in what follows."""
    return any(
        name.count(opening) > name.count(closing)
        and following.count(closing) > following.count(opening)
        for opening, closing in ("()", "[]", "【】")
    )
