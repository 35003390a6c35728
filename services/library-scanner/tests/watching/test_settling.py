"""Changes are looked at when they stand still: many of a folder as one, and none waits long."""

from pathlib import Path

import pytest

from revenge.library_scanner.watching.settling import ENOUGH, STILL, Place, Settling

A_MOMENT = STILL / 3


@pytest.fixture
def settling(tmp_path: Path) -> Settling:
    return Settling([str(tmp_path)])


def write(path: Path, size: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return str(path)


def test_a_file_is_looked_at_when_it_has_stood_still(settling: Settling, tmp_path: Path) -> None:
    path = write(tmp_path / "Heat (1995)/Heat.mkv", 10)

    at_once = settling.step({path}, 0.0)
    soon = settling.step(set(), A_MOMENT)
    then = settling.step(set(), STILL)

    assert (at_once, soon, then) == ([], [], [Place(str(tmp_path), "Heat (1995)")])
    assert not settling


def test_a_file_that_grows_waits_until_it_has_come_to_an_end(
    settling: Settling, tmp_path: Path
) -> None:
    path = tmp_path / "Heat (1995)/Heat.mkv"
    settling.step({write(path, 10)}, 0.0)
    for number in range(1, 20):
        write(path, 10 + number)

        assert settling.step(set(), number * STILL) == []

    assert len(settling.step(set(), 21 * STILL)) == 1


def test_a_file_that_grows_holds_up_nothing_in_other_folders(
    settling: Settling, tmp_path: Path
) -> None:
    growing, done = tmp_path / "Heat/Heat.mkv", tmp_path / "Ronin/Ronin.mkv"
    settling.step({write(growing, 1), write(done, 1)}, 0.0)
    write(growing, 2)

    assert settling.step(set(), STILL) == [Place(str(tmp_path), "Ronin")]
    assert settling


def test_a_file_that_grows_holds_up_its_own_folder_only_for_a_while(
    settling: Settling, tmp_path: Path
) -> None:
    growing, done = tmp_path / "Lost/S01E02.mkv", tmp_path / "Lost/S01E01.mkv"
    settling.step({write(growing, 1), write(done, 1)}, 0.0)
    write(growing, 2)
    early = settling.step(set(), STILL)
    write(growing, 3)

    assert (early, settling.step(set(), ENOUGH)) == ([], [Place(str(tmp_path), "Lost")])
    assert settling


def test_many_changes_in_a_folder_are_one_look(settling: Settling, tmp_path: Path) -> None:
    heard = {write(tmp_path / f"Lost/Season 1/S01E{number}.mkv", 1) for number in range(1000)}
    settling.step(heard, 0.0)

    assert settling.step(set(), STILL) == [Place(str(tmp_path), "Lost")]


def test_a_folder_stands_still_when_all_in_it_does(settling: Settling, tmp_path: Path) -> None:
    write(tmp_path / "Lost/Season 1/S01E01.mkv", 1)
    settling.step({str(tmp_path / "Lost")}, 0.0)
    write(tmp_path / "Lost/Season 1/S01E02.mkv", 1)

    assert settling.step(set(), STILL) == []
    assert settling.step(set(), 2 * STILL) == [Place(str(tmp_path), "Lost")]


def test_what_is_gone_may_have_been_a_file_or_a_folder(settling: Settling, tmp_path: Path) -> None:
    settling.step({str(tmp_path / "Lost")}, 0.0)

    assert settling.step(set(), STILL) == [Place(str(tmp_path), ""), Place(str(tmp_path), "Lost")]


def test_a_change_of_the_root_itself_is_not_a_look_at_all_that_is_in_it(
    settling: Settling, tmp_path: Path
) -> None:
    settling.step({str(tmp_path)}, 0.0)
    write(tmp_path / "Heat/Heat.mkv", 1)

    assert settling.step(set(), STILL) == [Place(str(tmp_path), "")]


@pytest.mark.parametrize("name", [".ignore", ".plexignore", ".nomedia", "F\ufffdlm.mkv"])
def test_what_may_concern_the_whole_root_is_a_look_at_all_of_it(
    name: str, settling: Settling, tmp_path: Path
) -> None:
    settling.step({str(tmp_path / name)}, 0.0)

    assert settling.step(set(), STILL) == [Place(str(tmp_path), None)]


def test_a_change_lies_in_the_root_that_it_lies_in(tmp_path: Path) -> None:
    roots = [str(tmp_path / "films"), str(tmp_path / "films 2")]
    settling = Settling(roots)
    settling.step({write(tmp_path / "films 2/Heat/Heat.mkv", 1)}, 0.0)

    assert settling.step(set(), STILL) == [Place(roots[1], "Heat")]


def test_what_lies_in_no_root_is_nothing(settling: Settling) -> None:
    settling.step({"/elsewhere/Heat.mkv"}, 0.0)

    assert settling.step(set(), STILL) == []
    assert not settling
