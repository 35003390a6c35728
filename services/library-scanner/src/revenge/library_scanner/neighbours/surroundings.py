"""Which files of some folders belong to which video."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from revenge.contracts.library import Art, Kind
from revenge.contracts.media import SubtitleStream
from revenge.contracts.paths import to_text
from revenge.library_scanner.names.extras import ExtraKind, extra_kind
from revenge.library_scanner.names.folders import season_folder
from revenge.library_scanner.neighbours import art, disc, sidecars
from revenge.library_scanner.neighbours.shelf import Shelf, Subtitle, stem_of
from revenge.library_scanner.walk import File, FileKind, Folder
from revenge.library_scanner.walk.kinds import extension

_EPISODE = re.compile(r"s\d{1,4}[ ._-]?e\d{1,4}$|\d{1,2}x\d{2,3}$")
_SAMPLE_SHARE = 4  # a sample is smaller than the film by this factor at least


class Neighbours(NamedTuple):
    """What belongs to a video. Paths are absolute and text, as `contracts.paths` writes them.

    `extra` is None for a title of its own. `nfo` is the film's or the episode's.
    """

    extra: ExtraKind | None = None
    subtitles: tuple[SubtitleStream, ...] = ()
    nfo: str | None = None
    series_nfo: str | None = None
    season_nfo: str | None = None
    art: tuple[Art, ...] = ()
    series_art: tuple[Art, ...] = ()


class Surroundings:
    """Folders as a walk yields them; to be complete, those around and below the videos' too."""

    def __init__(self, folders: Iterable[Folder]) -> None:
        self._shelves = {folder.relative: Shelf(folder) for folder in folders}

    def of(self, folder: Folder, video: File, kind: Kind, season: int | None = None) -> Neighbours:
        """`kind` and `season` are what the video's name says."""
        shelf = self._shelves.get(folder.relative) or Shelf(folder)
        extra = self._extra(shelf, video)
        if extra:
            return Neighbours(extra=extra)
        stem = stem_of(video.name).lower()
        subtitles = tuple(self._subtitles(shelf, stem))
        if kind is Kind.MOVIE:
            return self._of_film(shelf, stem, subtitles)
        return self._of_episode(shelf, stem, season, subtitles)

    def _extra(self, shelf: Shelf, video: File) -> ExtraKind | None:
        if disc.home(shelf.names) != shelf.names:
            return None if disc.is_main(shelf.folder.files, video) else ExtraKind.OTHER
        if _is_sample(shelf, video):
            return ExtraKind.SAMPLE
        return extra_kind(shelf.names, video.name)

    def _of_film(
        self, shelf: Shelf, stem: str, subtitles: tuple[SubtitleStream, ...]
    ) -> Neighbours:
        home_names = disc.home(shelf.names)
        home = self._shelf(home_names) or shelf
        whole = shelf.holds_one_title or home_names != shelf.names
        found = list(_pictures(shelf, art.of_film(stem, shelf.images)))
        if whole:
            found += _pictures(home, art.of_folder(home.images))
            found += self._more_backdrops(home)
        return Neighbours(
            subtitles=subtitles, nfo=_film_nfo(shelf, home, stem, whole=whole), art=_once(found)
        )

    def _of_episode(
        self, shelf: Shelf, stem: str, season: int | None, subtitles: tuple[SubtitleStream, ...]
    ) -> Neighbours:
        series = self._series(shelf)
        nfo = shelf.nfos.get(stem)
        return Neighbours(
            subtitles=subtitles,
            nfo=_text(shelf, nfo),
            series_nfo=_text(series, series.nfos.get("tvshow")) if series else None,
            season_nfo=_text(shelf, shelf.nfos.get("season")) if shelf is not series else None,
            art=_once(self._episode_art(shelf, stem)),
            series_art=_once(self._series_art(series, shelf, season)) if series else (),
        )

    def _episode_art(self, shelf: Shelf, stem: str) -> Iterator[Art]:
        yield from _pictures(shelf, art.of_episode(stem, shelf.images))
        kept_apart = self._shelf((*shelf.names, "metadata"))
        if kept_apart:
            yield from _pictures(kept_apart, art.of_episode(stem, kept_apart.images))

    def _series_art(self, series: Shelf, shelf: Shelf, season: int | None) -> Iterator[Art]:
        yield from _pictures(series, art.of_folder(series.images))
        yield from self._more_backdrops(series)
        if season is not None:
            yield from _pictures(series, art.of_season(season, series.images), season)
        if season is not None and shelf is not series:
            yield from _pictures(shelf, art.of_season_folder(shelf.images), season)
            yield from _pictures(shelf, art.of_season(season, shelf.images), season)

    def _more_backdrops(self, home: Shelf) -> Iterator[Art]:
        more = self._shelf((*home.names, "extrafanart"))
        if more:
            yield from _pictures(more, art.of_backdrop_folder(more.images))

    def _series(self, shelf: Shelf) -> Shelf | None:
        """Where `tvshow.nfo` is, else the folder that holds the seasons."""
        around = [shelf.names[:depth] for depth in range(len(shelf.names), 0, -1)]
        shelves = [found for names in around if (found := self._shelf(names))]
        told = next((found for found in shelves if "tvshow" in found.nfos), None)
        if told:
            return told
        for names in around:
            if len(names) > 1 and season_folder(names[-1], names[-2]) is not None:
                return self._shelf(names[:-1])
        return shelf if shelf.names and season_folder(shelf.names[-1]) is None else None

    def _subtitles(self, shelf: Shelf, stem: str) -> Iterator[SubtitleStream]:
        alone = len(shelf.titles) == 1
        found = shelf.own_subtitles
        yield from _streams(shelf, found.get(stem, []))
        if alone:
            yield from _streams(shelf, found.get("", []))
        for name in shelf.folder.folders:
            below = self._shelf((*shelf.names, name))
            if below and name.lower() in sidecars.FOLDERS:
                yield from self._subtitles_below(below, shelf, stem, alone=alone)

    def _subtitles_below(
        self, below: Shelf, shelf: Shelf, stem: str, *, alone: bool
    ) -> Iterator[SubtitleStream]:
        """In `Subs`: named after the video, in a folder named after it, or of its only video."""
        found = below.subtitles(shelf.titles.keys())
        yield from _streams(below, found.get(stem, []))
        if alone:
            yield from _streams(below, found.get("", []))
        for name in below.folder.folders:
            own = self._shelf((*below.names, name))
            if own and _is_named_after(name.lower(), stem):
                every = own.subtitles([stem])
                yield from _streams(own, [*every.get(stem, []), *every.get("", [])])

    def _shelf(self, names: tuple[str, ...]) -> Shelf | None:
        return self._shelves.get("/".join(names))


def _is_named_after(folder: str, stem: str) -> bool:
    """`Subs/Show.S01E01` is that of `Show.S01E01.1080p`, and of no other episode."""
    if stem == folder:
        return True
    is_shorter = stem.startswith(folder) and _EPISODE.search(folder) is not None
    return is_shorter and not stem[len(folder)].isalnum()


def _is_sample(shelf: Shelf, video: File) -> bool:
    if not video.name.lower().startswith(("sample-", "sample.", "sample_")):
        return False
    videos = (file.size for file in shelf.folder.files if file.kind is FileKind.VIDEO)
    return max(videos) >= _SAMPLE_SHARE * video.size


def _film_nfo(shelf: Shelf, home: Shelf, stem: str, *, whole: bool) -> str | None:
    if stem in shelf.nfos:
        return _text(shelf, shelf.nfos[stem])
    if not whole:
        return None
    if "movie" in home.nfos:
        return _text(home, home.nfos["movie"])
    return _text(home, *home.nfos.values()) if len(home.nfos) == 1 else None


def _pictures(
    shelf: Shelf, images: Iterable[art.Image], season: int | None = None
) -> Iterator[Art]:
    for image in images:
        yield Art(image.type, to_text(shelf.path(shelf.images[image.key])), season)


def _once(found: Iterable[Art]) -> tuple[Art, ...]:
    """One of each type, the first; any number of backdrops."""
    kept: dict[str, Art] = {}
    for picture in found:
        kept.setdefault(picture.path if picture.type == "backdrop" else picture.type, picture)
    return tuple(kept.values())


def _streams(shelf: Shelf, subtitles: Iterable[Subtitle]) -> Iterator[SubtitleStream]:
    for subtitle in subtitles:
        said = sidecars.read_sidecar(subtitle.rest)
        yield SubtitleStream(
            codec=sidecars.CODECS[extension(subtitle.name)],
            path=to_text(shelf.path(subtitle.name)),
            language=said.language,
            title=to_text(said.title) if said.title else None,
            default=said.default,
            forced=said.forced,
            hearing_impaired=said.hearing_impaired,
        )


def _text(shelf: Shelf, name: str | None) -> str | None:
    return to_text(shelf.path(name)) if name else None
