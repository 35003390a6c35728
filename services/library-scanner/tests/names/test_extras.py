"""Extras are told from titles."""

import pytest

from revenge.library_scanner.names import ExtraKind, extra_kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Film (2000)/trailers/one.mkv", ExtraKind.TRAILER),
        ("Film (2000)/Behind The Scenes/one.mkv", ExtraKind.BEHIND_THE_SCENES),
        ("Film (2000)/deleted scenes/one.mkv", ExtraKind.DELETED_SCENE),
        ("Film (2000)/extras/disc 2/one.mkv", ExtraKind.OTHER),
        ("Film (2000)/backdrops/one.mkv", ExtraKind.THEME_VIDEO),
        ("Show/Season 1/Featurettes/one.mkv", ExtraKind.FEATURETTE),
        ("Show/Season 1/Extras/Show (2000) - Making of.mkv", ExtraKind.OTHER),
        ("Films/Film (2000)/Others/Another (2001).mkv", ExtraKind.OTHER),
        ("Films/Film/Deleted Scenes/one.mkv", ExtraKind.DELETED_SCENE),
        ("Film (2000)/Making Of/one.mkv", ExtraKind.BEHIND_THE_SCENES),
        ("Film (2000)/behind-the-scenes/one.mkv", ExtraKind.BEHIND_THE_SCENES),
        ("Film (2000)/Deleted.Scenes/one.mkv", ExtraKind.DELETED_SCENE),
        ("Film (2000)/deletedscenes/one.mkv", ExtraKind.DELETED_SCENE),
        ("Show/theme-music/one.mp3", ExtraKind.THEME_SONG),
        ("Film (2000)/Film-trailer.mkv", ExtraKind.TRAILER),
        ("Film (2000)/Film-trailer2.mkv", ExtraKind.TRAILER),
        ("Film (2000)/Film - Trailer.mkv", ExtraKind.TRAILER),
        ("Film (2000)/trailer.mkv", ExtraKind.TRAILER),
        ("Film (2000)/Film-behindthescenes.mkv", ExtraKind.BEHIND_THE_SCENES),
        ("Film (2000)/Film-deletedscene3.mkv", ExtraKind.DELETED_SCENE),
        ("Film (2000)/film.sample.mkv", ExtraKind.SAMPLE),
        ("Film (2000)/theme.mp3", ExtraKind.THEME_SONG),
        ("Film (2000)/theme.opus", ExtraKind.THEME_SONG),
        ("Film (2000)/theme.mp4", ExtraKind.THEME_VIDEO),
        ("trailers/one.mkv", ExtraKind.TRAILER),
    ],
)
def test_an_extra_is_told_by_folder_or_by_its_end(path: str, kind: ExtraKind) -> None:
    *folders, name = path.split("/")

    assert extra_kind(folders, name) is kind


@pytest.mark.parametrize(
    "path",
    [
        "The Big Short (2015)/The Big Short (2015).mkv",
        "The Interview (2014)/The Interview.mkv",
        "Extras/Season 1/Extras S01E01.mkv",
        "Extras/Extras.S01E01.mkv",
        "Shorts/Film (2000).mkv",
        "Films/Shorts/Film (2000).mkv",
        "Films/Other/Film (2000)/Film.mkv",
        "Trailer Park Boys/Season 1/Trailer Park Boys - S01E01.mkv",
        "Film (2000)/not a scene/film.mkv",
    ],
)
def test_a_title_that_sounds_like_an_extra_is_none(path: str) -> None:
    *folders, name = path.split("/")

    assert extra_kind(folders, name) is None
