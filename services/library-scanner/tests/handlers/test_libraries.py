"""Libraries are made, changed and deleted, and seen by those who may view them."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from revenge.contracts import (
    LibraryId,
    library,
)
from revenge.contracts.library import (
    CreateLibrary,
    LibraryType,
    UpdateLibrary,
)
from revenge.kit import Database, acting_as
from revenge.kit.testing import a_user, an_admin
from revenge.library_scanner.handlers import libraries, scans

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]

pytestmark = pytest.mark.usefixtures("scanning")  # what they make is gone after each


def named(*paths: Path | str, **fields: Any) -> CreateLibrary:
    fields = {"name": f"a library {uuid4()}", "type": LibraryType.MOVIE, **fields}
    return CreateLibrary(paths=tuple(map(str, paths)), **fields)


async def sent(db: Database, subject: str) -> int:
    async with db.read() as rows:
        return await rows.one(
            int, "select count(*) from outbox where subject = %(subject)s", subject=subject
        )


async def test_a_library_is_made_and_scanned(tmp_path: Path, db: Database) -> None:
    made = await libraries.create_library(named(tmp_path), db)

    assert (made.paths, made.enabled, made.problem) == ((str(tmp_path),), True, None)
    assert await sent(db, library.library_created.subject) == 1
    assert await sent(db, library.scan_library.subject) == 1


@pytest.mark.parametrize("path", ["films", "./films", "", "~/films"])
async def test_a_path_that_is_not_absolute_is_refused(path: str, db: Database) -> None:
    with pytest.raises(library.PathUnusable, match="absolute"):
        await libraries.create_library(named(path), db)


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, db: Database) -> None:
    with pytest.raises(library.PathUnusable, match="nowhere"):
        await libraries.create_library(named(tmp_path / "nowhere"), db)


async def test_a_file_is_no_folder(tmp_path: Path, db: Database) -> None:
    (tmp_path / "film.mkv").touch()

    with pytest.raises(library.PathUnusable):
        await libraries.create_library(named(tmp_path / "film.mkv"), db)


@pytest.mark.usefixtures("ordinary_threads")
async def test_a_folder_that_the_server_may_not_read_is_refused(
    tmp_path: Path, db: Database
) -> None:
    (tmp_path / "secret").mkdir(mode=0)

    with pytest.raises(library.PathUnusable, match="may not read"):
        await libraries.create_library(named(tmp_path / "secret"), db)


async def test_a_path_with_a_zero_byte_is_refused(db: Database) -> None:
    with pytest.raises(library.PathUnusable):
        await libraries.create_library(named("/films\0"), db)


async def test_a_name_is_taken_whatever_its_case(tmp_path: Path, db: Database) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    name = f"Filme {uuid4()}"
    await libraries.create_library(named(tmp_path / "a", name=name), db)

    with pytest.raises(library.LibraryNameTaken):
        await libraries.create_library(named(tmp_path / "b", name=name.upper()), db)


@pytest.mark.parametrize("other", ["films", "films/", "films/old", ".", "films//old"])
async def test_no_two_libraries_hold_the_same_folder(
    other: str, tmp_path: Path, db: Database
) -> None:
    (tmp_path / "films/old").mkdir(parents=True)
    await libraries.create_library(named(tmp_path / "films"), db)

    with pytest.raises(library.PathTaken):
        await libraries.create_library(named(f"{tmp_path}/{other}"), db)


async def test_folders_whose_names_begin_alike_are_two(tmp_path: Path, db: Database) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films 2").mkdir()
    await libraries.create_library(named(tmp_path / "films"), db)

    made = await libraries.create_library(named(tmp_path / "films 2"), db)

    assert made.paths == (str(tmp_path / "films 2"),)


async def test_the_folders_of_one_library_do_not_lie_in_each_other(
    tmp_path: Path, db: Database
) -> None:
    (tmp_path / "old").mkdir()

    with pytest.raises(library.PathTaken):
        await libraries.create_library(named(tmp_path, tmp_path / "old"), db)


@pytest.mark.parametrize(
    "other", ["link", "elsewhere/../films", "link/old", "link/..", "way/link/old"]
)
async def test_the_same_folder_by_another_path_is_the_same(
    other: str, tmp_path: Path, db: Database
) -> None:
    (tmp_path / "films/old").mkdir(parents=True)
    (tmp_path / "way").symlink_to(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "films")
    await libraries.create_library(named(tmp_path / "films"), db)

    with pytest.raises(library.PathTaken):
        await libraries.create_library(named(f"{tmp_path}/{other}"), db)


async def test_a_library_that_is_reached_by_a_link_holds_what_the_link_leads_to(
    tmp_path: Path, db: Database
) -> None:
    (tmp_path / "films/old").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "films")
    made = await libraries.create_library(named(tmp_path / "link"), db)

    assert made.paths == (str(tmp_path / "link"),)
    with pytest.raises(library.PathTaken, match=re.escape(f"(that is {tmp_path}/films)")):
        await libraries.create_library(named(tmp_path / "films/old"), db)


async def test_two_links_to_one_folder_are_not_two_folders_of_a_library(
    tmp_path: Path, db: Database
) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "films")

    with pytest.raises(library.PathTaken):
        await libraries.create_library(named(tmp_path / "films", tmp_path / "link"), db)


async def test_of_two_who_want_a_folder_at_once_one_gets_it(tmp_path: Path, db: Database) -> None:
    (tmp_path / "old").mkdir()

    answers = await asyncio.gather(
        *(libraries.create_library(named(path), db) for path in (tmp_path, tmp_path / "old")),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, library.Library) for answer in answers) == 1
    assert sum(isinstance(answer, library.PathTaken) for answer in answers) == 1


async def test_only_what_is_given_changes(tmp_path: Path, db: Database) -> None:
    made = await libraries.create_library(named(tmp_path, preferred_language="de"), db)

    changed = await libraries.update_library(UpdateLibrary(made.id, enabled=False), db)

    assert (changed.enabled, changed.name, changed.preferred_language) == (False, made.name, "de")
    assert changed.paths == made.paths
    assert await sent(db, library.library_updated.subject) == 1


async def test_a_library_may_keep_its_own_name_and_folders(tmp_path: Path, db: Database) -> None:
    made = await libraries.create_library(named(tmp_path), db)

    changed = await libraries.update_library(
        UpdateLibrary(made.id, name=made.name, paths=made.paths), db
    )

    assert changed.name == made.name


async def test_a_change_is_checked_like_a_new_library(make_shelf: MakeShelf, db: Database) -> None:
    one, other = await make_shelf(), await make_shelf()

    with pytest.raises(library.LibraryNameTaken):
        await libraries.update_library(UpdateLibrary(one.library.id, name=other.library.name), db)
    with pytest.raises(library.PathTaken):
        await libraries.update_library(UpdateLibrary(one.library.id, paths=other.library.paths), db)
    with pytest.raises(library.PathUnusable):
        await libraries.update_library(UpdateLibrary(one.library.id, paths=("films",)), db)


async def test_a_library_that_there_is_not_can_be_neither_changed_nor_deleted(
    db: Database,
) -> None:
    unknown = LibraryId(uuid4())

    with pytest.raises(library.LibraryNotFound):
        await libraries.update_library(UpdateLibrary(unknown, enabled=False), db)
    with pytest.raises(library.LibraryNotFound):
        async with db.begin() as tx:
            await libraries.delete_library(library.DeleteLibrary(unknown), tx)


async def test_a_deleted_library_is_gone_with_its_scans_and_files(shelf: Shelf) -> None:
    shelf.video("Heat (1995).mkv")
    await shelf.scan()
    async with shelf.app.db.begin() as tx:
        await libraries.delete_library(library.DeleteLibrary(shelf.library.id), tx)

    (told,) = await shelf.told(library.library_deleted)
    assert told.name == shelf.library.name
    async with shelf.app.db.read() as rows:
        assert await rows.one(
            bool,
            "select not exists (select from file where library_id = %(id)s)",
            id=shelf.library.id,
        )


async def test_an_administrator_sees_every_library_with_its_latest_scan(shelf: Shelf) -> None:
    await shelf.scan()
    latest = await shelf.scan()

    async with shelf.app.db.read() as rows:
        with acting_as(an_admin()):
            listed = await libraries.list_libraries(library.ListLibraries(), rows)

    (found,) = [item for item in listed.libraries if item.id == shelf.library.id]
    assert found.latest_scan == latest


async def test_others_see_the_enabled_libraries_that_they_may_view(
    make_shelf: MakeShelf, db: Database
) -> None:
    viewed, off, downloaded = (
        await make_shelf(),
        await make_shelf(enabled=False),
        await make_shelf(),
    )
    someone = a_user()
    async with db.begin() as tx:
        for shelf, permission in ((viewed, "view"), (off, "view"), (downloaded, "download")):
            await tx.run(
                "insert into library_permission values (%(id)s, %(user)s, %(permission)s)",
                id=shelf.library.id,
                user=someone.user_id,
                permission=permission,
            )

    async with db.read() as rows:
        with acting_as(someone):
            listed = await libraries.list_libraries(library.ListLibraries(), rows)

    assert [item.id for item in listed.libraries] == [viewed.library.id]


async def test_a_library_that_one_may_not_view_is_as_if_it_were_not_there(shelf: Shelf) -> None:
    async with shelf.app.db.read() as rows:
        with acting_as(a_user()):
            with pytest.raises(library.LibraryNotFound):
                await libraries.get_library(library.GetLibrary(shelf.library.id), rows)
            with pytest.raises(library.LibraryNotFound):
                await scans.list_scans(library.ListScans(shelf.library.id), rows)
