"""What would be made of a folder is what a scan makes of it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from revenge.contracts.library import Kind, LibraryType
from revenge.library_scanner.names import ExtraKind
from revenge.library_scanner.preview import Preview, look
from revenge.library_scanner.walk import RootMissing

Look = Callable[..., Preview]


@pytest.fixture
def preview(tmp_path: Path) -> Callable[..., Preview]:
    """Of a folder with these files."""

    def preview(*paths: str, kind: LibraryType = LibraryType.MIXED) -> Preview:
        for path in paths:
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"<movie><title>x</title></movie>")
        return look(str(tmp_path), kind)

    return preview


def test_films_and_episodes_are_told_apart(preview: Look) -> None:
    film, episode = preview(
        "Heat (1995)/Heat (1995).mkv", "Lost/Season 1/Lost S01E02-E03.mkv"
    ).titles
    assert (film.name.kind, film.name.title, film.name.year) == (Kind.MOVIE, "Heat", 1995)
    assert (episode.name.kind, episode.name.season, episode.name.episodes) == (
        Kind.EPISODE, 1, (2, 3),
    )  # fmt: skip


def test_the_librarys_type_counts(preview: Look) -> None:
    (title,) = preview("Lost 12.mkv", kind=LibraryType.MOVIE).titles

    assert title.name.kind is Kind.MOVIE


def test_what_belongs_to_a_title_is_with_it(preview: Look) -> None:
    found = preview("Heat/Heat.mkv", "Heat/Heat.de.forced.srt", "Heat/poster.jpg", "Heat/movie.nfo")

    (title,) = found.titles
    assert [track.language for track in title.neighbours.subtitles] == ["deu"]
    assert [picture.type for picture in title.neighbours.art] == ["poster"]
    assert title.neighbours.nfo is not None
    assert found.ignored == ()


def test_extras_are_no_titles(preview: Look) -> None:
    found = preview("Heat/Heat.mkv", "Heat/Trailers/First.mkv")

    assert [title.path for title in found.titles] == ["Heat/Heat.mkv"]
    assert found.extras == (("Heat/Trailers/First.mkv", ExtraKind.TRAILER),)


@pytest.mark.parametrize(
    ("path", "told", "reason"),
    [
        ("Heat/notes.txt", "Heat/notes.txt", "no kind of file"),
        ("Ronin/Ronin.iso", "Ronin/Ronin.iso", "unpack it"),
        ("Heat/odd.jpg", "Heat/odd.jpg", "no known name"),
        ("Music/song.mp3", "Music/song.mp3", "audio"),
        (".trash/Old.mkv", ".trash", "dot"),
        ("@eaDir/Old.mkv", "@eaDir", "system"),
        ("Private/Old.mkv", "Private", ".nomedia"),
        ("Hidden/Old.mkv", "Hidden", "hidden by .ignore"),
        ("Heat/Old cut.mkv", "Heat/Old cut.mkv", "hidden by .ignore"),
        ("Closed/Old.mkv", "Closed", "hidden by Closed/.plexignore"),
    ],
)
def test_what_is_ignored_is_told_with_the_reason(
    path: str, told: str, reason: str, preview: Look, tmp_path: Path
) -> None:
    for folder in ("Private", "Closed"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Private/.nomedia").touch()
    (tmp_path / "Closed/.plexignore").touch()
    (tmp_path / ".ignore").write_text("Hidden/\n*cut.mkv\n")

    remarks = dict(preview("Heat/Heat.mkv", path).ignored)

    assert reason in remarks[told]
    assert set(remarks) <= {told, "Private", "Closed"}


def test_what_cannot_be_read_is_told_with_the_reason(preview: Look, tmp_path: Path) -> None:
    (tmp_path / "Empty (2000).mkv").touch()
    (tmp_path / "lost.mkv").symlink_to(tmp_path / "nothing")
    (tmp_path / "Heat").mkdir()
    (tmp_path / "Heat/around").symlink_to(tmp_path)

    found = preview("Heat/Heat.mkv")

    assert [title.path for title in found.titles] == ["Heat/Heat.mkv"]
    assert dict(found.unreadable) == {
        "Empty (2000).mkv": "the file is empty",
        "lost.mkv": "a link to nothing",
        "Heat/around": "a link to a folder around this one",
    }


def test_a_name_that_is_not_utf_8_is_shown_as_well(preview: Look, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9 (2000).mkv")).write_bytes(b"x")

    (title,) = preview().titles

    assert title.name.year == 2000


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RootMissing):
        look(str(tmp_path / "nothing"), LibraryType.MIXED)
