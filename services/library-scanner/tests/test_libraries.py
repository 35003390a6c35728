"""Libraries, who may see them, and the scans that are asked for: requests and their answers."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import (
    LibraryId,
    Nothing,
    ScanId,
    Unavailable,
    UserId,
    auth,
    library,
)
from revenge.contracts.library import (
    CreateLibrary,
    LibraryType,
    Permission,
    ScanStatus,
    UpdateLibrary,
)
from revenge.kit import Bus, Database, Router, Service, Settings, acting_as, always, settings
from revenge.kit.testing import a_user, an_admin, eventually, running
from revenge.library_scanner.__main__ import ScannerSettings, start
from revenge.library_scanner.handlers import libraries, permissions, scans
from revenge.library_scanner.store import scans as scan_rows

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


# --- made, changed, deleted ---


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
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


# --- who sees what ---


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


# --- permissions ---


@pytest.fixture
async def known_user(nats: settings.Nats) -> AsyncGenerator[UserId]:
    """A user whom the service that keeps the users knows; it knows nobody else."""
    known = UserId(uuid4())
    router: Router[None] = Router()

    @router.rpc(auth.get_user)
    async def get_user(request: auth.GetUser, _: None) -> auth.User:
        if request.user_id != known:
            raise auth.UserNotFound
        return the_user(known)

    async def open_it(service: Service, _: Settings) -> None:
        service.include(router, scope=always(None))

    async with running("auth", Settings(nats=nats), open_it):
        yield known


def the_user(id: UserId) -> auth.User:
    return msgspec.convert(
        {
            "id": id,
            "username": "somebody",
            "email": "somebody@example.org",
            "role": "user",
            "is_active": True,
            "is_admin": False,
            "email_verified": True,
            "created_at": datetime.now(UTC),
        },
        auth.User,
    )


async def test_a_permission_is_granted_and_all_that_is_held_is_told(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    app = permissions.Granting(bus, db)

    for permission in (Permission.VIEW, Permission.DOWNLOAD, Permission.VIEW):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, known_user, permission), app
        )

    held = [set(event.permissions) for event in await shelf.told(library.permission_changed)]
    both = {Permission.VIEW, Permission.DOWNLOAD}
    assert held == [{Permission.VIEW}, both, both]
    async with db.read() as rows:
        listed = await permissions.list_permissions(library.ListPermissions(shelf.library.id), rows)
    assert listed.total == 2


async def test_a_user_whom_nobody_knows_is_granted_nothing(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    stranger = UserId(uuid4())

    with pytest.raises(library.UserUnknown):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, stranger, Permission.VIEW),
            permissions.Granting(bus, db),
        )

    assert stranger != known_user
    assert await shelf.told(library.permission_changed) == []


async def test_nothing_is_granted_while_nobody_can_say_who_the_user_is(
    shelf: Shelf, bus: Bus, db: Database
) -> None:
    with pytest.raises(Unavailable):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, UserId(uuid4()), Permission.VIEW),
            permissions.Granting(bus, db),
        )


async def test_a_permission_on_a_library_that_there_is_not_is_refused(
    known_user: UserId, bus: Bus, db: Database
) -> None:
    with pytest.raises(library.LibraryNotFound):
        await permissions.grant_permission(
            library.GrantPermission(LibraryId(uuid4()), known_user, Permission.VIEW),
            permissions.Granting(bus, db),
        )


async def test_what_is_revoked_is_told_with_what_is_left(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    app = permissions.Granting(bus, db)
    for permission in (Permission.VIEW, Permission.DOWNLOAD):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, known_user, permission), app
        )

    async with db.begin() as tx:
        await permissions.revoke_permission(
            library.RevokePermission(shelf.library.id, known_user, Permission.VIEW), tx
        )

    last = (await shelf.told(library.permission_changed))[-1]
    assert (last.user_id, last.permissions) == (known_user, (Permission.DOWNLOAD,))


async def test_a_deleted_user_holds_nothing(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    await permissions.grant_permission(
        library.GrantPermission(shelf.library.id, known_user, Permission.VIEW),
        permissions.Granting(bus, db),
    )

    async with db.begin() as tx:
        await permissions.forget_user(auth.UserEvent(known_user, "somebody"), tx)

    async with db.read() as rows:
        listed = await permissions.list_permissions(library.ListPermissions(shelf.library.id), rows)
    assert listed.total == 0
    last = (await shelf.told(library.permission_changed))[-1]
    assert (last.user_id, last.permissions) == (known_user, ())


async def test_of_a_user_who_held_nothing_nothing_is_told(shelf: Shelf, db: Database) -> None:
    async with db.begin() as tx:
        await permissions.forget_user(auth.UserEvent(UserId(uuid4()), "somebody"), tx)

    assert await shelf.told(library.permission_changed) == []


# --- scans that are asked for ---


async def test_who_asks_for_a_scan_while_one_waits_or_runs_joins_it(shelf: Shelf) -> None:
    request = library.StartScan(shelf.library.id)
    async with shelf.app.db.begin() as tx:
        first = await scans.start_scan(request, tx)

    async with shelf.app.db.begin() as tx:
        second = await scans.start_scan(request, tx)

    assert second.id == first.id
    assert len(await shelf.told(library.scan_library)) == 1


async def test_who_asks_for_more_than_what_runs_is_told_to_wait(shelf: Shelf) -> None:
    async with shelf.app.db.begin() as tx:
        await scans.start_scan(library.StartScan(shelf.library.id), tx)

    with pytest.raises(library.ScanRunning):
        async with shelf.app.db.begin() as tx:
            await scans.start_scan(library.StartScan(shelf.library.id, library.ScanType.FULL), tx)


async def test_many_who_ask_at_once_join_one_scan(shelf: Shelf) -> None:
    async def ask() -> library.LibraryScan:
        async with shelf.app.db.begin() as tx:
            return await scans.start_scan(library.StartScan(shelf.library.id), tx)

    answers = await asyncio.gather(*(ask() for _ in range(8)))

    assert len({answer.id for answer in answers}) == 1
    assert len(await shelf.told(library.scan_library)) == 1


async def begin_due(db: Database) -> None:
    async with db.begin() as tx:
        await scans.begin_due(library.ScanDue(), tx)


async def asked_for(shelf: Shelf, ago: timedelta) -> None:
    """Its last scan was that long ago."""
    await shelf.scan()
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update scan set created_at = now() - %(ago)s where library_id = %(id)s",
            ago=ago,
            id=shelf.library.id,
        )


async def scans_of(shelf: Shelf) -> int:
    async with shelf.app.db.read() as rows:
        return await scan_rows.count(rows, shelf.library.id)


async def test_a_library_is_scanned_when_its_interval_has_passed(make_shelf: MakeShelf) -> None:
    due, early = await make_shelf(scan_interval=3600), await make_shelf(scan_interval=7200)
    for shelf in (due, early):
        await asked_for(shelf, timedelta(minutes=61))

    await begin_due(due.app.db)

    assert (await scans_of(due), await scans_of(early)) == (2, 1)
    assert len(await due.told(library.scan_library)) == 2


async def test_a_library_without_an_interval_is_scanned_only_on_demand(
    make_shelf: MakeShelf,
) -> None:
    on_demand, off = await make_shelf(), await make_shelf(scan_interval=60, enabled=False)
    for shelf in (on_demand, off):
        await asked_for(shelf, timedelta(days=400))

    await begin_due(on_demand.app.db)

    assert (await scans_of(on_demand), await scans_of(off)) == (1, 1)


async def test_a_scan_that_takes_longer_than_the_interval_is_not_joined_by_another(
    make_shelf: MakeShelf,
) -> None:
    shelf = await make_shelf(scan_interval=60)
    await shelf.ordered()

    for _ in range(2):
        await begin_due(shelf.app.db)

    assert await scans_of(shelf) == 1


async def test_a_scan_of_the_future_does_not_hold_up_those_of_today(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(scan_interval=3600)
    await asked_for(shelf, timedelta(days=-30))

    await begin_due(shelf.app.db)

    assert await scans_of(shelf) == 2


async def test_an_interval_that_is_changed_counts_from_now_on(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(scan_interval=86_400)
    await asked_for(shelf, timedelta(hours=2))
    await begin_due(shelf.app.db)
    assert await scans_of(shelf) == 1

    changed = await libraries.update_library(
        UpdateLibrary(shelf.library.id, scan_interval=3600), shelf.app.db
    )
    await begin_due(shelf.app.db)

    assert changed.scan_interval == 3600
    assert await scans_of(shelf) == 2


async def test_the_service_looks_by_itself_which_libraries_are_due(
    make_shelf: MakeShelf, database_url: str, nats: settings.Nats, bus: Bus
) -> None:
    shelf = await make_shelf(scan_interval=60)
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )

    async def is_scheduled() -> bool:
        found = await bus.js.get_last_msg("JOBS", f"schedule.{library.scan_due.subject}")
        return (found.headers or {}).get("Nats-Schedule") == "@every 1m"

    async def scanned() -> bool:
        return await scans_of(shelf) == 1

    async with running("library-scanner", configured, start):
        assert await eventually(is_scheduled)
        await bus.js.publish(library.scan_due.subject, msgspec.json.encode(library.ScanDue()))
        await eventually(scanned)


async def test_scans_are_listed_the_latest_first(shelf: Shelf) -> None:
    done = [(await shelf.scan()).id for _ in range(3)]

    async with shelf.app.db.read() as rows:
        with acting_as(an_admin()):
            listed = await scans.list_scans(library.ListScans(shelf.library.id, limit=2), rows)

    assert [scan.id for scan in listed.scans] == done[:0:-1]
    assert listed.total == 3


async def test_a_scan_that_is_over_stays_as_it_is_when_it_is_cancelled(shelf: Shelf) -> None:
    scan = await shelf.scan()

    async with shelf.app.db.begin() as tx:
        answer = await scans.cancel_scan(library.CancelScan(shelf.library.id, scan.id), tx)

    assert answer == Nothing()
    assert (await shelf.state_of(scan.id)).status is ScanStatus.COMPLETED
    assert len(await shelf.told(library.scan_done)) == 1


async def test_a_scan_of_another_library_cannot_be_cancelled_here(make_shelf: MakeShelf) -> None:
    one, other = await make_shelf(), await make_shelf()
    order = await other.ordered()

    async with one.app.db.begin() as tx:
        with pytest.raises(library.ScanNotFound):
            await scans.cancel_scan(library.CancelScan(one.library.id, order.scan_id), tx)
        with pytest.raises(library.ScanNotFound):
            await scans.cancel_scan(library.CancelScan(one.library.id, ScanId(uuid4())), tx)


async def test_files_that_failed_are_listed_with_their_reason(shelf: Shelf) -> None:
    for number in range(3):
        shelf.write(f"Bad {number} (2000).mkv", b"not a film at all" * 1000)
    await shelf.scan()

    async with shelf.app.db.read() as rows:
        with acting_as(an_admin()):
            listed = await scans.list_failures(
                library.ListFailures(shelf.library.id, limit=2), rows
            )

    assert (len(listed.files), listed.total) == (2, 3)
    assert {file.reason for file in listed.files} == {"it is damaged, or no media at all"}


async def test_libraries_that_want_it_are_scanned_when_the_service_starts(
    make_shelf: MakeShelf, database_url: str, nats: settings.Nats
) -> None:
    wanted = await make_shelf(scan_on_startup=True)
    off = await make_shelf(scan_on_startup=True, enabled=False)
    wanted.video("Heat (1995).mkv")
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )

    async def scanned() -> bool:
        async with wanted.app.db.read() as rows:
            found = await scan_rows.of_library(rows, wanted.library.id, 1, 0)
        return bool(found) and found[0].completed_at is not None

    async with running("library-scanner", configured, start):
        await eventually(scanned)

    async with off.app.db.read() as rows:
        assert await scan_rows.count(rows, off.library.id) == 0
