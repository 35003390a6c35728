"""Typesense: joined once and whole, asked with its key."""

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from revenge.embedded.ports import free_ports
from revenge.embedded.servers import JoinFailed, Server, Typesense
from revenge.embedded.servers.typesense import Half, join
from revenge.embedded.supervisor import Status
from revenge.embedded.testing._cache import cache_folder

Start = Callable[[Server], Awaitable[Status]]


@pytest.fixture
def typesense(tmp_path: Path) -> Typesense:
    port, peering = free_ports(2)
    return Typesense(tmp_path / "typesense", port, peering, "the-key", cache_folder())


@pytest.fixture
def halves(tmp_path: Path) -> tuple[Half, ...]:
    def half(name: str, contents: bytes) -> Half:
        path = tmp_path / name
        path.write_bytes(contents)
        digest = urlsafe_b64encode(hashlib.sha256(contents).digest()).decode().rstrip("=")
        return Half(path, len(contents), digest)

    return (half("1", b"#!/bin/sh\n"), half("2", b"echo whole\n"))


async def test_it_answers_to_its_key_alone(typesense: Typesense, start: Start) -> None:
    await start(typesense)

    async with httpx2.AsyncClient(base_url=typesense.url) as http:
        stranger = await http.get("/collections")
        known = await http.get("/debug", headers={"X-TYPESENSE-API-KEY": "the-key"})

    assert stranger.status_code == 401
    assert known.json()["version"] == typesense.version


async def test_its_key_is_its_owners_alone(typesense: Typesense) -> None:
    typesense.prepare()

    assert (typesense.folder / "typesense.ini").stat().st_mode & 0o777 == 0o600
    assert typesense.api_key not in " ".join(typesense.command().argv)


def test_two_halves_become_one_program(halves: tuple[Half, ...], tmp_path: Path) -> None:
    join(halves, tmp_path / "program")

    assert (tmp_path / "program").read_text() == "#!/bin/sh\necho whole\n"
    assert os.access(tmp_path / "program", os.X_OK)


def test_a_program_that_is_whole_is_left_alone(halves: tuple[Half, ...], tmp_path: Path) -> None:
    join(halves, tmp_path / "program")
    before = (tmp_path / "program").stat().st_ino

    join(halves, tmp_path / "program")

    assert (tmp_path / "program").stat().st_ino == before


def test_a_program_that_was_cut_short_is_joined_again(
    halves: tuple[Half, ...], tmp_path: Path
) -> None:
    (tmp_path / "program").write_bytes(b"#!/bin/sh\n")

    join(halves, tmp_path / "program")

    assert (tmp_path / "program").stat().st_size == sum(half.size for half in halves)


def test_a_damaged_half_is_never_run(halves: tuple[Half, ...], tmp_path: Path) -> None:
    halves[1].path.write_bytes(b"echo wrong\n")

    with pytest.raises(JoinFailed, match=r"2 is damaged; install the package"):
        join(halves, tmp_path / "program")

    assert not (tmp_path / "program").exists()


def test_many_joining_at_once_make_one_program(halves: tuple[Half, ...], tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: join(halves, tmp_path / "program"), range(8)))

    assert (tmp_path / "program").read_text() == "#!/bin/sh\necho whole\n"
