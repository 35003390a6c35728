"""Walking a library's folders."""

import os
import threading
from pathlib import Path

import pytest

from revenge.contracts.paths import to_text
from revenge.library_scanner.walk import (
    Cancelled,
    FileKind,
    Folder,
    Problem,
    RootMissing,
    RootUnreadable,
    walk,
)


def make(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * 10)


def files(root: Path) -> list[str]:
    return [
        f"{folder.relative}/{file.name}".lstrip("/")
        for folder in walk(str(root))
        if isinstance(folder, Folder)
        for file in folder.files
    ]


def problems(root: Path) -> list[Problem]:
    return [found for found in walk(str(root)) if isinstance(found, Problem)]


def test_every_file_is_found_with_its_kind_size_and_time(tmp_path: Path) -> None:
    make(tmp_path, "Film (2000)/film.mkv", "Film (2000)/film.en.srt", "Film (2000)/movie.nfo")

    folders = [found for found in walk(str(tmp_path)) if isinstance(found, Folder)]

    assert [folder.relative for folder in folders] == ["", "Film (2000)"]
    film, nfo, subtitle = (folders[1].files[at] for at in (1, 2, 0))
    assert (film.name, film.kind, film.size) == ("film.mkv", FileKind.VIDEO, 10)
    found = (tmp_path / "Film (2000)/film.mkv").stat()
    assert film.mtime_ns == found.st_mtime_ns
    assert (nfo.kind, subtitle.kind) == (FileKind.NFO, FileKind.SUBTITLE)


def test_folders_and_files_come_in_the_same_order_each_time(tmp_path: Path) -> None:
    make(tmp_path, "b/2.mkv", "a/1.mkv", "a/c/0.mkv", "b/1.mkv", "z.mkv")

    assert files(tmp_path) == ["z.mkv", "a/1.mkv", "a/c/0.mkv", "b/1.mkv", "b/2.mkv"]


def test_hidden_and_junk_folders_are_not_visited(tmp_path: Path) -> None:
    make(tmp_path, ".trash/a.mkv", "@eaDir/a.mkv", "$RECYCLE.BIN/a.mkv", "lost+found/a.mkv")
    make(tmp_path, "film.trickplay/a.jpg", "._film.mkv", "film.mkv")

    assert files(tmp_path) == ["film.mkv"]


def test_nomedia_hides_its_folder_and_all_below(tmp_path: Path) -> None:
    make(tmp_path, "a/.nomedia", "a/a.mkv", "a/b/b.mkv", "c.mkv")

    assert files(tmp_path) == ["c.mkv"]


def test_an_empty_ignore_file_hides_its_folder(tmp_path: Path) -> None:
    make(tmp_path, "a/a.mkv", "b/b.mkv")
    (tmp_path / "a/.ignore").touch()

    assert files(tmp_path) == ["b/b.mkv"]


def test_plexignore_patterns_hold_below_their_folder(tmp_path: Path) -> None:
    make(tmp_path, "a/x.avi", "a/x.mkv", "a/b/x.avi", "a/b/skip/x.mkv", "c/x.avi")
    (tmp_path / "a/.plexignore").write_text("*.avi\nb/skip/\n")

    assert files(tmp_path) == ["a/x.mkv", "c/x.avi"]


def test_what_is_called_like_an_ignore_file_and_is_none_hides_nothing(tmp_path: Path) -> None:
    make(tmp_path, "pipe/x.mkv", "folder/x.mkv", "link/x.mkv")
    os.mkfifo(tmp_path / "pipe/.ignore")
    (tmp_path / "folder/.plexignore").mkdir()
    (tmp_path / "link/.ignore").symlink_to("nothing")

    assert files(tmp_path) == ["folder/x.mkv", "link/x.mkv", "pipe/x.mkv"]
    assert not problems(tmp_path)


def test_a_link_to_a_file_is_a_file(tmp_path: Path) -> None:
    make(tmp_path, "store/x.mkv", "library/y.mkv")
    (tmp_path / "library/x.mkv").symlink_to(tmp_path / "store/x.mkv")

    assert files(tmp_path / "library") == ["x.mkv", "y.mkv"]


def test_a_link_to_a_folder_outside_is_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "store/x.mkv", "library/y.mkv")
    (tmp_path / "library/one").symlink_to(tmp_path / "store")
    (tmp_path / "library/two").symlink_to(tmp_path / "store")

    assert files(tmp_path / "library") == ["y.mkv", "one/x.mkv"]


def test_a_folder_in_the_library_is_known_by_its_own_path(tmp_path: Path) -> None:
    make(tmp_path, "real/x.mkv")
    (tmp_path / "a link").symlink_to(tmp_path / "real")

    assert files(tmp_path) == ["real/x.mkv"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    make(tmp_path, "library/a/x.mkv")
    (tmp_path / "library/a/up").symlink_to(tmp_path / "library")
    (tmp_path / "library/out").symlink_to(tmp_path)
    (tmp_path / "library/self").symlink_to("self")

    assert files(tmp_path / "library") == ["a/x.mkv"]
    assert [problem.relative for problem in problems(tmp_path / "library")] == [
        "out",
        "self",
        "a/up",
    ]


def test_a_link_to_nothing_is_a_problem_and_no_more(tmp_path: Path) -> None:
    make(tmp_path, "x.mkv")
    (tmp_path / "gone.mkv").symlink_to("nowhere.mkv")

    assert files(tmp_path) == ["x.mkv"]
    assert [problem.reason for problem in problems(tmp_path)] == ["a link to nothing"]


@pytest.mark.usefixtures("ordinary_rights")
def test_an_unreadable_folder_is_a_problem_and_the_rest_is_found(tmp_path: Path) -> None:
    make(tmp_path, "closed/x.mkv", "open/x.mkv")
    (tmp_path / "closed").chmod(0)

    found, wrong = files(tmp_path), problems(tmp_path)

    (tmp_path / "closed").chmod(0o700)
    assert found == ["open/x.mkv"]
    assert [(problem.relative, problem.reason) for problem in wrong] == [
        ("closed", "permission denied")
    ]


def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mkv")

    assert files(tmp_path) == []


def test_a_path_longer_than_can_be_kept_is_a_problem_and_the_rest_is_found(tmp_path: Path) -> None:
    folder = "/".join(["\u6771" * 80] * 6)
    make(tmp_path, f"{folder}/x.mkv", "y.mkv")

    (problem,) = problems(tmp_path)

    assert files(tmp_path) == ["y.mkv"]
    assert problem.reason == "its path is longer than 1200 bytes"


def test_too_deep_a_tree_is_a_problem(tmp_path: Path) -> None:
    make(tmp_path, "/".join(["d"] * 70) + "/x.mkv")

    assert files(tmp_path) == []
    assert len(problems(tmp_path)) == 1


@pytest.mark.parametrize(
    "raw", [b"caf\xe9.mkv", b"\xf0\x9f\x8e\xac" * 62 + b".mkv", b"a\nb\x1b\xe2\x80\xae.mkv"]
)
def test_odd_names_survive(tmp_path: Path, raw: bytes) -> None:
    name = os.fsdecode(raw)
    make(tmp_path, name)

    (found,) = files(tmp_path)

    assert found == name
    assert to_text(found).encode("utf-8")


def test_a_missing_root_is_told_from_an_empty_one(tmp_path: Path) -> None:
    assert files(tmp_path) == []

    with pytest.raises(RootMissing):
        walk(str(tmp_path / "not there"))


def test_a_root_that_is_no_folder_is_missing(tmp_path: Path) -> None:
    make(tmp_path, "x.mkv")

    with pytest.raises(RootMissing):
        walk(str(tmp_path / "x.mkv"))


def test_a_root_no_system_can_have_is_unreadable() -> None:
    with pytest.raises(RootUnreadable):
        walk("/a\0b")


def test_a_root_that_goes_away_meanwhile_is_missing(tmp_path: Path) -> None:
    make(tmp_path, "library/a/x.mkv", "library/b/y.mkv")
    walking = walk(str(tmp_path / "library"))
    next(walking)

    (tmp_path / "library").rename(tmp_path / "elsewhere")

    with pytest.raises(RootMissing):
        list(walking)


def test_a_walk_stops_when_told(tmp_path: Path) -> None:
    make(tmp_path, "a/x.mkv", "b/y.mkv")
    stop = threading.Event()
    walking = walk(str(tmp_path), stop=stop)
    next(walking)

    stop.set()

    with pytest.raises(Cancelled):
        next(walking)


def signatures(root: Path) -> dict[str, bytes]:
    found = walk(str(root))
    return {folder.relative: folder.signature() for folder in found if isinstance(folder, Folder)}


def test_an_unchanged_folder_has_the_same_signature_again(tmp_path: Path) -> None:
    make(tmp_path, "a/x.mkv", "a/b/y.mkv")

    assert signatures(tmp_path) == signatures(tmp_path)


def test_whatever_changes_in_a_folder_changes_its_signature_and_no_other(tmp_path: Path) -> None:
    make(tmp_path, "a/x.mkv", "a/b/y.mkv")
    before = signatures(tmp_path)

    (tmp_path / "a/b/y.mkv").write_bytes(b"longer than it was")

    assert {name for name, one in signatures(tmp_path).items() if one != before[name]} == {"a/b"}


def test_a_folder_that_goes_changes_the_signature_of_the_one_it_lay_in(tmp_path: Path) -> None:
    make(tmp_path, "a/x.mkv", "a/Subs/x.srt")
    before = signatures(tmp_path)

    (tmp_path / "a/Subs/x.srt").unlink()
    (tmp_path / "a/Subs").rmdir()

    assert signatures(tmp_path)["a"] != before["a"]


@pytest.mark.parametrize("year", [1, 1960, 1970, 2106, 2400])
def test_files_of_any_age_are_found(tmp_path: Path, year: int) -> None:
    make(tmp_path, "x.mkv")
    seconds = (year - 1970) * 31_556_952
    os.utime(tmp_path / "x.mkv", (seconds, seconds))

    (root,) = walk(str(tmp_path))

    assert isinstance(root, Folder)
    assert len(root.signature()) == 16
    assert -(2**63) <= root.files[0].mtime_ns < 2**63
