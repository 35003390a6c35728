"""NATS: users that may do what they are given and nothing else, and a store that survives."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error, MaxPayloadError

from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, NatsUser, Server, program
from revenge.embedded.supervisor import Status, Supervisor
from revenge.embedded.testing._disks import Disks, fill

Start = Callable[[Server], Awaitable[Status]]

EVERYTHING = NatsUser("admin", "one_-1", (">",), (">",))
SPEAKER = NatsUser("speaker", "two", ("news.>",), ())
ANSWERER = NatsUser("answerer", "three", (), ("ask.>",))


@pytest.fixture
def server(tmp_path: Path) -> Nats:
    return Nats(tmp_path / "nats", *free_ports(2), users=(EVERYTHING, SPEAKER, ANSWERER))


class Connections:
    """Open ones, with what the server complained of."""

    def __init__(self, server: Nats) -> None:
        self._server = server
        self._open: list[Client] = []
        self.complaints: list[str] = []

    async def __call__(self, user: NatsUser) -> Client:
        client = await nats.connect(self._server.url_for(user), error_cb=self._complained)
        self._open.append(client)
        return client

    async def close(self) -> None:
        for client in self._open:
            await client.close()

    async def _complained(self, error: Exception) -> None:
        self.complaints.append(str(error))


@pytest.fixture
async def connect(server: Nats, start: Start):  # noqa: ANN201  a generator of pytest
    await start(server)
    connections = Connections(server)
    yield connections
    await connections.close()


async def ignore(_: Exception) -> None:
    pass


async def until_restarted(supervisor: Supervisor, server: Server) -> None:
    async with asyncio.timeout(60):
        while not supervisor.statuses()[0].restarts:  # noqa: ASYNC110  another process: no event
            await asyncio.sleep(0.05)
    await until_ready(server)


async def until_ready(server: Server) -> None:
    async with asyncio.timeout(60):
        while not await server.is_ready():  # noqa: ASYNC110  the same
            await asyncio.sleep(0.05)


async def sent(client: Client) -> None:
    """Return when the server has all that was sent: a PING overtakes what still waits, once."""
    await client.flush()
    await client.flush()


async def test_a_stranger_is_not_let_in(server: Nats, start: Start) -> None:
    await start(server)

    client = Client()
    with pytest.raises(Error, match=r"(?i)authorization"):
        await client.connect(server.address, allow_reconnect=False, error_cb=ignore)
    await client.close()  # nats-py leaves the socket open when it was not let in


async def test_a_user_publishes_where_it_may_and_nowhere_else(connect: Connections) -> None:
    everyone, speaker = await connect(EVERYTHING), await connect(SPEAKER)
    heard = await everyone.subscribe(">")
    await sent(everyone)

    await speaker.publish("news.today", b"allowed")
    await speaker.publish("secrets.today", b"forbidden")
    await sent(speaker)

    assert (await heard.next_msg(timeout=60)).data == b"allowed"
    assert any("secrets.today" in complaint for complaint in connect.complaints)


async def test_who_may_subscribe_to_nothing_hears_nothing(connect: Connections) -> None:
    speaker = await connect(SPEAKER)

    await speaker.subscribe("news.>")
    await sent(speaker)
    await asyncio.sleep(0.1)

    assert any("permissions violation" in complaint.lower() for complaint in connect.complaints)


async def test_who_may_publish_nothing_may_still_answer(connect: Connections) -> None:
    asker, answerer = await connect(EVERYTHING), await connect(ANSWERER)
    asked = await answerer.subscribe("ask.>")
    await sent(answerer)

    reply = asyncio.ensure_future(asker.request("ask.time", b"", timeout=60))
    await (await asked.next_msg(timeout=60)).respond(b"noon")

    assert (await reply).data == b"noon"


async def test_what_was_acknowledged_survives_a_kill(
    server: Nats, connect: Connections, supervisor: Supervisor
) -> None:
    stream = (await connect(EVERYTHING)).jetstream()
    await stream.add_stream(name="NEWS", subjects=["news.>"])
    for number in range(100):
        await stream.publish("news.x", b"%d" % number)

    os.kill(supervisor.statuses()[0].pid or 0, signal.SIGKILL)
    await until_restarted(supervisor, server)

    again = (await connect(EVERYTHING)).jetstream()
    assert (await again.stream_info("NEWS")).state.messages == 100


async def test_a_message_beyond_one_mebibyte_is_refused(connect: Connections) -> None:
    client = await connect(EVERYTHING)

    with pytest.raises(MaxPayloadError):
        await client.publish("news.x", b"x" * (1024 * 1024 + 1))


async def test_its_passwords_are_its_owners_alone(server: Nats) -> None:
    server.prepare()

    assert (server.folder / "nats.conf").stat().st_mode & 0o777 == 0o600
    assert EVERYTHING.password not in " ".join(server.command().argv)


async def test_a_subject_only_user_keeps_its_limits_when_lists_are_empty(server: Nats) -> None:
    server.prepare()

    text = (server.folder / "nats.conf").read_text()
    assert text.count('"deny"') == 2
    assert '"allow": []' not in text


def test_it_knows_its_version(server: Nats) -> None:
    assert server.version.startswith("2.")


@pytest.fixture
def small_disk(tmp_path: Path, disks: Disks) -> Path:
    return disks.mount(tmp_path / "disk", "size=48m")


async def publish(client: Client) -> int:
    """How many messages were kept until one was not."""
    stream, kept = client.jetstream(), 0
    with suppress(Error):
        while kept < 200:
            await stream.publish("news.of.today", bytes(1024), timeout=2)
            kept += 1
    return kept


async def test_a_stream_takes_messages_again_when_there_is_room_again(
    small_disk: Path, supervisor: Supervisor
) -> None:
    server = Nats(small_disk / "nats", *free_ports(2))
    often = timedelta(milliseconds=100)
    await supervisor.start(replace(program(server, server.ailment), examined_every=often))
    async with await nats.connect(server.url, error_cb=ignore) as client:
        await client.jetstream().add_stream(name="NEWS", subjects=["news.>"])
        kept = await publish(client)
        ballast = fill(small_disk)
        kept += await publish(client)

        ballast.unlink()
        await until_restarted(supervisor, server)
        kept += await publish(client)

        news = await client.jetstream().stream_info("NEWS")
    assert kept >= 400
    assert news.state.messages >= kept
