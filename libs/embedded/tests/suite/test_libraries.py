"""Which libraries a folder of media becomes."""

from pathlib import Path

import pytest

from revenge.contracts.library import LibraryType
from revenge.embedded.suite.libraries import Wanted, kind_of, wanted


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Movies", LibraryType.MOVIE),
        ("TV Shows", LibraryType.TVSHOW),
        ("tv-shows", LibraryType.TVSHOW),
        ("Filme", LibraryType.MOVIE),
        ("Holidays", None),
    ],
)
def test_a_folder_may_be_named_for_a_kind(name: str, kind: LibraryType | None) -> None:
    assert kind_of(name) is kind


def test_sub_folders_become_libraries_when_one_is_named_for_a_kind(tmp_path: Path) -> None:
    for name in ("Movies", "Holidays", ".trash"):
        (tmp_path / name).mkdir()
    (tmp_path / "Shows").touch()

    assert wanted(tmp_path) == [
        Wanted("Holidays", LibraryType.MIXED, tmp_path / "Holidays"),
        Wanted("Movies", LibraryType.MOVIE, tmp_path / "Movies"),
    ]


def test_any_other_folder_becomes_one_mixed_library(tmp_path: Path) -> None:
    (tmp_path / "Holidays").mkdir()

    assert wanted(tmp_path) == [Wanted(tmp_path.name, LibraryType.MIXED, tmp_path)]


@pytest.mark.usefixtures("ordinary_rights")
def test_what_may_be_listed_and_not_entered_ends_no_start(tmp_path: Path) -> None:
    media = tmp_path / "media"
    (media / "Movies").mkdir(parents=True)
    media.chmod(0o400)

    found = wanted(media)
    media.chmod(0o700)

    assert found == [Wanted("media", LibraryType.MIXED, media)]
