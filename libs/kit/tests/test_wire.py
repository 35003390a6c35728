"""Messages that go around the client library's own way, and those that do not."""

from collections.abc import AsyncGenerator

import pytest
from nats.errors import MaxPayloadError

from revenge.kit import Bus
from revenge.kit.testing import eventually
from revenge.kit.wire import (
    Client,
    Parser,
    answering,
    header,
    header_lines,
    headers_of,
    parse_head,
    publishing,
)

Message = tuple[bytes, bytes, bytes, bytes]
SAID = (
    b"MSG toys.made 1 5\r\nhello\r\n"
    b"HMSG toys.made 1 answers.to.me 18 23\r\nNATS/1.0\r\nA: b\r\n\r\nworld\r\n"
    b"MSG toys.made 1 answers.to.me 0\r\n\r\n"
)
HEARD = [
    (b"toys.made", b"", b"", b"hello"),
    (b"toys.made", b"answers.to.me", b"NATS/1.0\r\nA: b\r\n\r\n", b"world"),
    (b"toys.made", b"answers.to.me", b"", b""),
]


class Heard(list[Message]):
    def take(self, *message: bytes) -> None:
        self.append(message)  # type: ignore[arg-type] # there are four


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def taken(bus: Bus, heard: Heard) -> AsyncGenerator[Heard]:
    """What arrives on toys.> ."""
    subscription = await bus.client.take("toys.>", heard.take)
    yield heard
    await bus.client.leave(subscription)


@pytest.mark.parametrize("size", [1, 2, 7, 30, len(SAID)])
async def test_messages_are_put_together_however_they_arrive(heard: Heard, size: int) -> None:
    parser = Parser(Client(), {b"1": heard.take})

    for start in range(0, len(SAID), size):
        await parser.parse(SAID[start : start + size])

    assert heard == HEARD


async def test_half_a_message_of_a_lost_connection_is_forgotten(heard: Heard) -> None:
    parser = Parser(Client(), {b"1": heard.take})

    await parser.parse(SAID[:20])
    parser.reset()
    await parser.parse(SAID)

    assert heard == HEARD


async def test_a_taker_is_given_messages_in_their_order(bus: Bus, taken: Heard) -> None:
    await bus.client.write(publishing(f"toys.{n}", "", b"", 100) for n in range(1000))

    await eventually(lambda: _has(taken, 1000))
    assert [subject for subject, *_ in taken] == [b"toys.%d" % n for n in range(1000)]


async def test_what_is_written_in_bulk_arrives_whole(bus: Bus, taken: Heard) -> None:
    lines = header_lines({"Colour": "très rouge", "Size": "1"})
    most = bus.client.max_payload
    large = b"x" * (most - len(f"NATS/1.0\r\n{lines}\r\n".encode()))

    await bus.client.write([publishing("toys.a", lines, large, most), answering(b"toys.b", b"y")])

    await eventually(lambda: _has(taken, 2))
    (_, _, head, payload), (*_, answer) = taken
    assert payload == large
    assert parse_head(head) == {"Colour": "très rouge", "Size": "1"}
    assert header(head, "Size") == "1"
    assert header(head, "Colour") == "très rouge"
    assert header(head, "Weight") is None
    assert answer == b"y"


async def test_more_than_the_server_takes_is_refused_here(bus: Bus) -> None:
    most = bus.client.max_payload

    with pytest.raises(MaxPayloadError):
        publishing("toys.a", "", b"x" * most, most)


async def test_other_subscriptions_are_the_librarys(bus: Bus, taken: Heard) -> None:
    other = await bus.client.subscribe("toys.*")

    await bus.client.publish("toys.a", b"one", headers={"Colour": "red"})

    message = await other.next_msg(timeout=20)
    assert (message.data, message.headers) == (b"one", {"Colour": "red"})
    await eventually(lambda: _has(taken, 1))


async def test_a_taker_that_has_left_is_given_nothing_more(bus: Bus, heard: Heard) -> None:
    subscription = await bus.client.take("toys.>", heard.take)
    await bus.client.publish("toys.a", b"one")
    await bus.client.leave(subscription)
    assert [payload for *_, payload in heard] == [b"one"]

    await bus.client.publish("toys.a", b"two")
    await bus.client.flush()
    assert len(heard) == 1


async def test_a_taker_is_given_what_comes_after_a_lost_connection(bus: Bus, taken: Heard) -> None:
    await bus.client.force_reconnect()
    await eventually(lambda: _is_back(bus))

    await bus.client.publish("toys.a", b"one")

    await eventually(lambda: _has(taken, 1))


async def test_what_is_written_without_a_connection_is_sent_with_the_next(
    bus: Bus, taken: Heard
) -> None:
    await bus.client.force_reconnect()
    assert not bus.client.is_connected

    await bus.client.write([answering(b"toys.a", b"one")])

    await eventually(lambda: _has(taken, 1))


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        (b"", {}),
        (b"NATS/1.0\r\n\r\n", {}),
        (b"NATS/1.0\r\nA:b\r\nC:  d \r\n\r\n", {"A": "b", "C": "d"}),
        (b"NATS/1.0\r\nA: b: c\r\n\r\n", {"A": "b: c"}),
        (b"NATS/1.0 503\r\n\r\n", {"Status": "503"}),
        (b"NATS/1.0 404 No Messages\r\n\r\n", {"Status": "404", "Description": "No Messages"}),
        (b"NATS/1.0 408 Timeout\r\nA: b\r\n\r\n",
         {"Status": "408", "Description": "Timeout", "A": "b"}),
    ],
)  # fmt: skip
def test_a_head_is_read_as_the_library_does(head: bytes, headers: dict[str, str]) -> None:
    assert parse_head(head) == headers


def test_no_value_makes_a_header_of_its_own() -> None:
    lines = header_lines({"Title": "a film\r\nNats-Rollup: all", "Year": "2001"})

    assert headers_of(lines) == {"Title": "a film  Nats-Rollup: all", "Year": "2001"}


async def _has(heard: Heard, many: int) -> bool:
    return len(heard) >= many


async def _is_back(bus: Bus) -> bool:
    return bus.client.is_connected
