"""Images by the names that Kodi, Jellyfin, Plex and the Arr apps give them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_POSTERS = ("poster", "folder", "cover", "movie", "show", "default", "jacket")
_THUMBS = ("landscape", "thumb")
_BACKDROPS = ("fanart", "backdrop", "background", "art")
_SINGLE = {
    "poster": _POSTERS,
    "logo": ("clearlogo", "logo"),
    "banner": ("banner",),
    "thumb": _THUMBS,
    "clear_art": ("clearart",),
    "disc": ("disc", "discart", "cdart", "dvd"),
}
_OF_SEASON = {
    "season_poster": ("poster",),
    "season_banner": ("banner",),
    "season_thumb": _THUMBS,
    "season_backdrop": _BACKDROPS,
}
_MANY = re.compile(rf"(?:{'|'.join(_BACKDROPS)})-?\d{{0,2}}")
_MAX_BACKDROPS = 20


class Image(NamedTuple):
    """`key` is the image's name in lower case and without its extension."""

    type: str
    key: str


def of_folder(keys: Mapping[str, str]) -> Iterator[Image]:
    """Those that belong to all that is in the folder."""
    for type, names in _SINGLE.items():
        yield from _first(type, names, keys)
    yield from _backdrops(key for key in keys if _MANY.fullmatch(key))


def of_film(stem: str, keys: Mapping[str, str]) -> Iterator[Image]:
    """Those named after the film's file: `Film-poster`, and `Film` itself for the poster."""
    for type, names in _SINGLE.items():
        own = [f"{stem}-{name}" for name in names]
        yield from _first(type, [*own, stem] if type == "poster" else own, keys)
    prefixed = (key for key in keys if key.startswith(f"{stem}-"))
    yield from _backdrops(key for key in prefixed if _MANY.fullmatch(key, len(stem) + 1))


def of_episode(stem: str, keys: Mapping[str, str]) -> Iterator[Image]:
    yield from _first("thumb", [*(f"{stem}-{name}" for name in _THUMBS), stem], keys)


def of_season(season: int, keys: Mapping[str, str]) -> Iterator[Image]:
    """Those in the series' folder: `season02-poster`, `season-specials-banner`, `season02`."""
    stems = (
        [f"season{season:02}", f"season{season}"]
        if season
        else ["season-specials", "season00", "season0"]
    )
    for type, names in _OF_SEASON.items():
        own = [f"{stem}-{name}" for stem in stems for name in names]
        bare = stems if type == "season_poster" else []
        everyones = [f"season-all-{name}" for name in names]
        yield from _first(type, [*own, *bare, *everyones], keys)


def of_season_folder(keys: Mapping[str, str]) -> Iterator[Image]:
    for type, names in _OF_SEASON.items():
        usual = ("poster", "folder", "cover", "season") if type == "season_poster" else names
        yield from _first(type, usual, keys)


def of_backdrop_folder(keys: Mapping[str, str]) -> Iterator[Image]:
    """All that is in `extrafanart`."""
    yield from _backdrops(keys)


def _first(type: str, names: Iterable[str], keys: Mapping[str, str]) -> Iterator[Image]:
    found = next((name for name in names if name in keys), None)
    if found:
        yield Image(type, found)


def _backdrops(keys: Iterable[str]) -> Iterator[Image]:
    for _, key in zip(range(_MAX_BACKDROPS), keys, strict=False):
        yield Image("backdrop", key)
