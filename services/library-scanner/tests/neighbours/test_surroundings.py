"""What lies around a video is given to the right one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from revenge.contracts.library import Kind
from revenge.library_scanner.neighbours import ExtraKind, Neighbours, Surroundings
from revenge.library_scanner.walk import Folder, walk

Look = Callable[..., Neighbours]
Subtitles = Callable[..., list[tuple[str, str | None]]]
Pictures = Callable[..., set[tuple[str, str]]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Make these files, walk them, and look around the first."""

    def look(*paths: str, kind: Kind = Kind.MOVIE, season: int | None = None) -> Neighbours:
        for at, path in enumerate(paths):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"x" * (100 if at else 10))
        folders = [found for found in walk(str(tmp_path)) if isinstance(found, Folder)]
        parent, _, name = paths[0].rpartition("/")
        folder = next(folder for folder in folders if folder.relative == parent)
        video = next(file for file in folder.files if file.name == name)
        return Surroundings(folders).of(folder, video, kind, season)

    return look


@pytest.fixture
def subtitles(look: Look, tmp_path: Path) -> Subtitles:
    def subtitles(*paths: str, **said: object) -> list[tuple[str, str | None]]:
        found = look(*paths, **said).subtitles
        return [(str(Path(sub.path or "").relative_to(tmp_path)), sub.language) for sub in found]

    return subtitles


@pytest.fixture
def art(look: Look, tmp_path: Path) -> Pictures:
    def art(*paths: str, **said: object) -> set[tuple[str, str]]:
        around = look(*paths, **said)
        found = (*around.art, *around.series_art)
        return {(image.type, str(Path(image.path).relative_to(tmp_path))) for image in found}

    return art


def test_subtitles_belong_to_the_video_they_are_named_after(subtitles: Subtitles) -> None:
    found = subtitles("S/a.mkv", "S/a b.mkv", "S/a.en.srt", "S/a b.de.forced.ass", "S/c.srt")

    assert found == [("S/a.en.srt", "eng")]


def test_in_a_folder_of_one_video_all_subtitles_are_its_own(subtitles: Subtitles) -> None:
    found = subtitles("F/film.mkv", "F/English.srt", "F/Subs/2_German.srt", "F/Subs/film.fr.srt")

    assert sorted(found) == [
        ("F/English.srt", "eng"),
        ("F/Subs/2_German.srt", "deu"),
        ("F/Subs/film.fr.srt", "fra"),
    ]


def test_subs_folders_of_season_packs_are_read(subtitles: Subtitles) -> None:
    found = subtitles(
        "S/S01E01.mkv", "S/S01E02.mkv", "S/Subs/S01E01/2_English.srt", "S/Subs/S01E02/3_French.srt",
        "S/Subs/S01E01.de.srt", kind=Kind.EPISODE,
    )  # fmt: skip

    assert sorted(found) == [
        ("S/Subs/S01E01.de.srt", "deu"),
        ("S/Subs/S01E01/2_English.srt", "eng"),
    ]


def test_a_subs_folder_may_be_called_by_the_beginning_of_the_name(subtitles: Subtitles) -> None:
    found = subtitles(
        "S/Show.S01E01.1080p-X.mkv", "S/Show.S01E10.1080p-X.mkv",
        "S/Subs/Show.S01E01/2_English.srt", "S/Subs/Show.S01E10/2_German.srt",
        "S/Subs/Show/3_French.srt", kind=Kind.EPISODE,
    )  # fmt: skip

    assert found == [("S/Subs/Show.S01E01/2_English.srt", "eng")]


def test_an_index_and_its_pictures_are_one_subtitle(look: Look) -> None:
    (subtitle,) = look("F/film.mkv", "F/film.en.idx", "F/film.en.sub").subtitles

    assert (subtitle.codec, subtitle.index) == ("dvd_subtitle", None)
    assert str(subtitle.path).endswith("film.en.idx")


def test_art_of_a_film_is_found_by_every_name(art: Pictures) -> None:
    found = art(
        "F/film.mkv", "F/folder.jpg", "F/fanart.jpg", "F/backdrop2.png", "F/clearlogo.png",
        "F/banner.jpg", "F/landscape.jpg", "F/extrafanart/x.jpg", "F/other.jpg",
    )  # fmt: skip

    assert found == {
        ("poster", "F/folder.jpg"),
        ("backdrop", "F/fanart.jpg"),
        ("backdrop", "F/backdrop2.png"),
        ("backdrop", "F/extrafanart/x.jpg"),
        ("logo", "F/clearlogo.png"),
        ("banner", "F/banner.jpg"),
        ("thumb", "F/landscape.jpg"),
    }


def test_backdrops_are_counted_in_several_ways(art: Pictures) -> None:
    found = art(
        "film.mkv", "film-fanart.jpg", "film-fanart-1.jpg", "film-backdrop12.jpg", "film-2.jpg",
        "film 2-fanart.jpg",
    )  # fmt: skip

    assert found == {
        ("backdrop", "film-fanart.jpg"),
        ("backdrop", "film-fanart-1.jpg"),
        ("backdrop", "film-backdrop12.jpg"),
    }


def test_a_films_own_art_goes_before_its_folders(art: Pictures) -> None:
    assert art("F/film.mkv", "F/film-poster.jpg", "F/poster.jpg") == {
        ("poster", "F/film-poster.jpg")
    }


def test_in_a_folder_of_many_films_each_has_only_its_own_art(art: Pictures) -> None:
    found = art("F/a.mkv", "F/b.mkv", "F/poster.jpg", "F/a.jpg", "F/a-fanart.jpg", "F/b.jpg")

    assert found == {("poster", "F/a.jpg"), ("backdrop", "F/a-fanart.jpg")}


def test_versions_of_one_film_share_what_is_in_its_folder(art: Pictures) -> None:
    found = art(
        "Film (2000)/Film (2000) - 4K.mkv", "Film (2000)/Film (2000) - 1080p.mkv",
        "Film (2000)/poster.jpg",
    )  # fmt: skip

    assert found == {("poster", "Film (2000)/poster.jpg")}


def test_an_episode_has_a_thumb_and_its_series_art(art: Pictures) -> None:
    found = art(
        "Show/Season 2/S02E01.mkv", "Show/Season 2/S02E01-thumb.jpg", "Show/poster.jpg",
        "Show/season02-poster.jpg", "Show/season01-poster.jpg", "Show/fanart.jpg",
        kind=Kind.EPISODE, season=2,
    )  # fmt: skip

    assert found == {
        ("thumb", "Show/Season 2/S02E01-thumb.jpg"),
        ("poster", "Show/poster.jpg"),
        ("backdrop", "Show/fanart.jpg"),
        ("season_poster", "Show/season02-poster.jpg"),
    }


def test_a_season_has_art_in_its_folder_or_in_the_series(art: Pictures) -> None:
    found = art(
        "Show/Season 2/S02E01.mkv", "Show/Season 2/poster.jpg", "Show/Season 2/fanart.jpg",
        "Show/season02-banner.jpg", "Show/season2-landscape.jpg", kind=Kind.EPISODE, season=2,
    )  # fmt: skip

    assert found == {
        ("season_poster", "Show/Season 2/poster.jpg"),
        ("season_backdrop", "Show/Season 2/fanart.jpg"),
        ("season_banner", "Show/season02-banner.jpg"),
        ("season_thumb", "Show/season2-landscape.jpg"),
    }


def test_a_seasons_folder_may_hold_art_that_is_named_after_the_season(art: Pictures) -> None:
    found = art(
        "Show/Season 2/S02E01.mkv", "Show/Season 2/Season02.jpg", "Show/Season 2/Season01.jpg",
        kind=Kind.EPISODE, season=2,
    )  # fmt: skip

    assert found == {("season_poster", "Show/Season 2/Season02.jpg")}


def test_a_picture_may_be_that_of_every_season(art: Pictures) -> None:
    found = art(
        "Show/Season 2/S02E01.mkv", "Show/season-all-poster.jpg", kind=Kind.EPISODE, season=2
    )

    assert found == {("season_poster", "Show/season-all-poster.jpg")}


def test_clear_art_and_discs_are_found(art: Pictures) -> None:
    assert art("F/film.mkv", "F/clearart.png", "F/discart.png") == {
        ("clear_art", "F/clearart.png"),
        ("disc", "F/discart.png"),
    }


def test_specials_have_their_own_poster(look: Look) -> None:
    around = look(
        "Show/Specials/S00E01.mkv", "Show/season-specials-poster.jpg", kind=Kind.EPISODE, season=0
    )

    assert [(image.type, image.season) for image in around.series_art] == [("season_poster", 0)]


def test_nfo_files_are_found_at_every_level(look: Look, tmp_path: Path) -> None:
    around = look(
        "Show/Season 1/a.mkv", "Show/Season 1/a.nfo", "Show/Season 1/season.nfo",
        "Show/tvshow.nfo", kind=Kind.EPISODE, season=1,
    )  # fmt: skip

    assert around.nfo == str(tmp_path / "Show/Season 1/a.nfo")
    assert around.season_nfo == str(tmp_path / "Show/Season 1/season.nfo")
    assert around.series_nfo == str(tmp_path / "Show/tvshow.nfo")


@pytest.mark.parametrize("name", ["film.nfo", "movie.nfo", "anything.nfo"])
def test_a_film_alone_in_its_folder_has_the_nfo_there(look: Look, name: str) -> None:
    assert str(look("F/film.mkv", f"F/{name}").nfo).endswith(name)


def test_the_nfo_of_a_folder_of_many_films_is_of_none(look: Look) -> None:
    assert look("F/a.mkv", "F/b.mkv", "F/movie.nfo").nfo is None


def test_an_extra_has_nothing_of_its_own(look: Look) -> None:
    around = look("F/film-trailer.mkv", "F/film.mkv", "F/poster.jpg")

    assert around == Neighbours(extra=ExtraKind.TRAILER)


def test_a_small_video_beside_a_large_one_is_a_sample(look: Look) -> None:
    assert look("F/sample-film.mkv", "F/film.mkv").extra is ExtraKind.SAMPLE
    assert look("G/Sample.This.2012.mkv").extra is None


def test_of_a_disc_only_the_longest_title_counts(look: Look) -> None:
    stream = "Film (2000)/BDMV/STREAM"

    menu = look(f"{stream}/00001.m2ts", f"{stream}/00002.m2ts")

    assert menu.extra is ExtraKind.OTHER


def test_what_is_beside_a_disc_belongs_to_its_film(look: Look) -> None:
    film = look("Film (2000)/BDMV/STREAM/1.m2ts", "Film (2000)/poster.jpg", "Film (2000)/movie.nfo")

    assert film.extra is None
    assert [image.type for image in film.art] == ["poster"]
    assert str(film.nfo).endswith("movie.nfo")
