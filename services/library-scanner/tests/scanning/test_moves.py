"""Files that move, come back and go."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from revenge.contracts import library
from revenge.contracts.library import Kind

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported


FILM = "Heat (1995)/Heat (1995).mkv"
EPISODE = "Lost/Season 1/Lost S01E02 Tabula Rasa.mkv"


async def test_a_file_that_is_deleted_is_gone(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)")

    scan = await shelf.scan()

    (film,) = [file for file in await shelf.found() if file.kind is Kind.MOVIE]
    assert await shelf.gone() == [film.id]
    assert scan.items_removed == 1


async def test_a_file_that_was_deleted_and_comes_back_is_told_of_again(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)")
    await shelf.scan()
    shelf.video(FILM)

    scan = await shelf.scan()

    assert scan.items_added == 1
    assert (await shelf.found())[-1].path == str(shelf.root / FILM)


async def test_a_renamed_file_keeps_its_identity(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    await shelf.scan()
    renamed = path.rename(path.with_name("Heat (1995) Director's Cut.mkv"))

    scan = await shelf.scan()

    before, after = await shelf.found()
    assert (after.id, after.path) == (before.id, str(renamed))
    assert after.revision > before.revision
    (moved,) = await shelf.told(library.files_moved)
    assert moved.paths == {before.id: str(renamed)}
    assert moved.revisions == {before.id: after.revision}
    assert (scan.items_added, scan.items_removed, await shelf.gone()) == (0, 0, [])


async def test_a_file_that_moves_to_another_folder_keeps_its_identity(shelf: Shelf) -> None:
    path = shelf.video("Hat (1995)/Hat (1995).mkv")
    await shelf.scan()
    (shelf.root / FILM).parent.mkdir()
    path.rename(shelf.root / FILM)
    path.parent.rmdir()

    await shelf.scan()

    before, after = await shelf.found()
    assert (after.id, after.parsed.title) == (before.id, "Heat")
    assert await shelf.gone() == []


async def test_a_whole_folder_that_is_renamed_keeps_the_identity_of_its_files(shelf: Shelf) -> None:
    for number in range(1, 6):
        shelf.video(f"Lst/Season 1/Lst S01E0{number}.mkv")
    await shelf.scan()
    (shelf.root / "Lst").rename(shelf.root / "Lost")

    await shelf.scan()

    found = await shelf.found()
    assert {file.id for file in found[:5]} == {file.id for file in found[5:]}
    assert await shelf.gone() == []


async def test_a_copy_is_a_file_of_its_own(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    await shelf.scan()
    shelf.age(Path(shutil.copy(path, path.with_name("Heat (1995) - copy.mkv"))))

    scan = await shelf.scan()

    first, second = await shelf.found()
    assert first.id != second.id
    assert (scan.items_added, await shelf.told(library.files_moved)) == (1, [])


async def test_the_files_of_a_folder_that_is_no_longer_the_library_s_are_gone(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.video(FILM)
    await shelf.scan()
    (tmp_path / "elsewhere").mkdir()
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update library set paths = %(paths)s where id = %(id)s",
            paths=[str(tmp_path / "elsewhere")],
            id=shelf.library.id,
        )

    await shelf.scan()

    (file,) = await shelf.found()
    assert await shelf.gone() == [file.id]


def place(shelf: Shelf, path: Path) -> tuple[str, str]:
    """As a watcher names it: the root, and what lies right below it."""
    return str(shelf.root), path.relative_to(shelf.root).parts[0]


@pytest.mark.parametrize("order", ["together", "the new one first", "the old one first"])
async def test_a_file_whose_places_are_looked_at_in_any_order_keeps_its_identity(
    shelf: Shelf, order: str
) -> None:
    path = shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    (shelf.root / "Films").mkdir()
    moved = path.rename(shelf.root / "Films/Heat (1995).mkv")
    places = [place(shelf, moved), place(shelf, path)]
    if order == "the old one first":
        places.reverse()
    looks = [places] if order == "together" else [places[:1], places[1:]]

    for look in looks:
        await shelf.app.scanner.scan_units(shelf.library, look)

    film = [file for file in await shelf.found() if file.parsed.title == "Heat"]
    assert len({file.id for file in film}) == 1
    assert film[-1].path == str(moved)
    assert film[-1].revision > film[0].revision
    assert (await shelf.gone() == []) is (order != "the old one first")


async def test_a_file_that_went_and_turns_up_elsewhere_is_the_same(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    away = path.rename(shelf.root.with_name(f"{shelf.root.name}.mkv"))
    await shelf.scan()
    (shelf.root / "Films").mkdir()
    away.rename(shelf.root / "Films/Heat (1995).mkv")

    await shelf.scan()

    before, after = (file for file in await shelf.found() if file.parsed.title == "Heat")
    assert (after.id, after.revision > before.revision) == (before.id, True)
    assert await shelf.told(library.files_moved) == []  # it was told to have gone


async def test_a_file_that_moves_is_not_read_again(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    await shelf.scan()
    (shelf.root / "Films").mkdir()
    path.rename(shelf.root / "Films/Heat (1995).mkv")

    await shelf.scan()

    before, after = await shelf.found()
    assert after.media == before.media


async def test_of_copies_that_move_together_each_is_the_one_of_its_name(shelf: Shelf) -> None:
    for number in range(1, 6):
        shelf.video(f"Lst/Season 1/Lst S01E0{number}.mkv", title="the same in all")
    await shelf.scan()
    (shelf.root / "Lst").rename(shelf.root / "Lost")

    await shelf.scan()

    found = await shelf.found()
    before = {Path(file.path).name: file.id for file in found[:5]}
    assert {Path(file.path).name: file.id for file in found[5:]} == before


async def test_a_file_that_moves_to_another_root_keeps_its_identity(
    shelf: Shelf, tmp_path: Path
) -> None:
    path = shelf.video(FILM)
    shelf.video(EPISODE)
    other = tmp_path / "another root"
    other.mkdir()
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update library set paths = %(paths)s where id = %(id)s",
            paths=[str(other), str(shelf.root)],
            id=shelf.library.id,
        )
    await shelf.scan()
    path.rename(other / "Heat (1995).mkv")

    await shelf.scan()

    heat = [file for file in await shelf.found() if file.parsed.title == "Heat"]
    assert len({file.id for file in heat}) == 1
    assert await shelf.gone() == []


async def test_a_better_file_of_a_title_is_told_before_the_old_one_goes(shelf: Shelf) -> None:
    path = shelf.video("Heat (1995)/Heat (1995) 720p.mkv")
    await shelf.scan()
    path.unlink()
    shelf.video("Heat (1995)/Heat (1995) 1080p.mkv", title="sharper", seconds=2)

    await shelf.scan()

    old, new = await shelf.found()
    assert (new.parsed.title, new.parsed.year) == (old.parsed.title, old.parsed.year)
    assert await shelf.gone() == [old.id]
    order = await shelf.subjects()
    assert order.index(library.files_gone.subject) > max(
        at for at, subject in enumerate(order) if subject == library.files_found.subject
    )
