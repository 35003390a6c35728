"""Requests that no good client makes: each has the right answer, and the session goes on."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urljoin

import httpx2
import m3u8
import pytest

from revenge.contracts import playback
from revenge.kit import Bus, acting_as
from revenge.playback.testing.staging import House

SMALL = playback.ClientProfile(video_codecs=("h264",), max_height=90)


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    limits = httpx2.Limits(max_connections=200)
    async with httpx2.AsyncClient(base_url=house.url, timeout=120, limits=limits) as opened:
        yield opened


async def begin(bus: Bus, house: House, **wishes: object) -> str:
    """The address of the session's streams."""
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.asking(**wishes))
    return session.master_playlist_url.rpartition("/")[0] + "/"


async def segments(client: httpx2.AsyncClient, rendition: str) -> list[str]:
    playlist = m3u8.loads((await client.get(f"{rendition}/index.m3u8")).text)
    return [urljoin(f"{rendition}/", segment.uri) for segment in playlist.segments]


async def goes_on(client: httpx2.AsyncClient, address: str) -> bool:
    master = m3u8.loads((await client.get(f"{address}master.m3u8")).text)
    rung = urljoin(address, master.playlists[0].uri).rpartition("/")[0]
    return (await client.get(f"{rung}/0.m4s")).status_code == 200


@pytest.mark.parametrize(
    "what",
    [
        "original/9999999.m4s",
        "original/99999999999999999999.m4s",
        "original/-1.m4s",
        "original/1e3.m4s",
        "original/٣.m4s",
        "8k/0.m4s",
        "8k/index.m3u8",
        "audio/7/0.m4s",
        "audio/original/0.m4s",
        "subs/3/0.vtt",
        "keys/0.m4s",
    ],
)
async def test_what_does_not_exist_is_not_found_and_the_session_goes_on(
    bus: Bus, house: House, client: httpx2.AsyncClient, what: str
) -> None:
    address = await begin(bus, house)

    answer = await client.get(address + what)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert await goes_on(client, address)


@pytest.mark.parametrize("profile", [None, SMALL], ids=["copied", "encoded"])
async def test_segments_may_be_asked_for_in_any_order(
    bus: Bus, house: House, client: httpx2.AsyncClient, profile: playback.ClientProfile | None
) -> None:
    address = await begin(bus, house, client_profile=profile)
    master = m3u8.loads((await client.get(f"{address}master.m3u8")).text)
    rung = urljoin(address, master.playlists[0].uri).rpartition("/")[0]
    names = await segments(client, rung)

    zigzag = [*names[::-2], *names[::2], names[-1], names[0], names[-1]]
    answers = [await client.get(name) for name in zigzag]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].content == answers[-3].content


@pytest.mark.parametrize("profile", [None, SMALL], ids=["copied", "encoded"])
async def test_a_client_may_ask_for_every_segment_at_once(
    bus: Bus, house: House, client: httpx2.AsyncClient, profile: playback.ClientProfile | None
) -> None:
    address = await begin(bus, house, client_profile=profile)
    master = m3u8.loads((await client.get(f"{address}master.m3u8")).text)
    rung = urljoin(address, master.playlists[0].uri).rpartition("/")[0]
    names = await segments(client, rung) + await segments(client, f"{address}audio/0")

    answers = await asyncio.gather(*(client.get(name) for name in names for _ in range(3)))

    # a machine that is busy says so; it does not fail
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert all(answer.headers["retry-after"] for answer in answers if answer.is_error)
    assert await goes_on(client, address)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"range": "bytes=0-0"}, 206),
        ({"range": "bytes=9999999-"}, 416),
        ({"range": "bytes=5-2"}, 200),
        ({"range": "lines=1-2"}, 200),
        ({"range": "bytes=" + ",".join(["0-1"] * 100)}, 200),
        ({"range": "bytes=0-99", "if-range": '"another"'}, 200),
        ({"range": "bytes=0-99", "if-range": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
        ({"if-match": '"another"'}, 412),
        ({"if-none-match": "*"}, 304),
        ({"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ({"if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 412),
        ({"if-modified-since": "yesterday"}, 200),
    ],
    ids=str,
)
async def test_conditions_and_ranges_of_the_file_are_as_http_has_them(
    bus: Bus, house: House, client: httpx2.AsyncClient, headers: dict[str, str], status: int
) -> None:
    address = await begin(bus, house)

    answer = await client.get(f"{address}file", headers=headers)

    assert answer.status_code == status
    assert await goes_on(client, address)


async def test_a_download_is_taken_up_where_it_broke_off(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    address = await begin(bus, house)
    head = await client.head(f"{address}file")
    content = house.shelf.path.read_bytes()

    by_tag = await client.get(
        f"{address}file", headers={"range": "bytes=1000-", "if-range": head.headers["etag"]}
    )
    by_date = await client.get(
        f"{address}file",
        headers={"range": "bytes=-10", "if-range": head.headers["last-modified"]},
    )

    assert head.headers["content-type"] == "video/x-matroska"
    assert head.headers["accept-ranges"] == "bytes"
    assert (by_tag.status_code, by_tag.content) == (206, content[1000:])
    assert (by_date.status_code, by_date.content) == (206, content[-10:])


async def test_neither_a_forged_nor_anothers_address_ends_a_session(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    address = await begin(bus, house)
    before, token, _ = address.rsplit("/", 2)
    forged = [token[:-4] + "AAAA", token.upper(), token + "A", "", "t.", "a.b.c", "a" * 300]

    answers = [await client.get(f"{before}/{one}/master.m3u8") for one in forged]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert await goes_on(client, address)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
async def test_streams_are_only_read(
    bus: Bus, house: House, client: httpx2.AsyncClient, method: str
) -> None:
    address = await begin(bus, house)

    answer = await client.request(method, f"{address}file")

    assert answer.status_code == 405
    assert await goes_on(client, address)
