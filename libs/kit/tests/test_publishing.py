"""Messages of an outbox, on their way to the streams."""

from uuid import uuid4

import pytest
from nats.errors import MaxPayloadError

from revenge.kit import Bus
from revenge.kit.publishing import BATCH, Written, publish
from revenge.kit.wire import header_lines


def written(count: int, subject: str = "event.toys.made") -> list[Written]:
    return [
        Written(n, str(uuid4()), subject, b"%d" % n, header_lines({"ce-type": "toy.made"}))
        for n in range(count)
    ]


async def stored(bus: Bus, stream: str) -> list[bytes]:
    state = (await bus.js.stream_info(stream)).state
    found = [await bus.js.get_msg(stream, n) for n in range(1, state.last_seq + 1)]
    return [message.data or b"" for message in found]


@pytest.mark.parametrize("count", [1, 7, 8, BATCH])
async def test_messages_are_stored_in_their_order(bus: Bus, count: int) -> None:
    await publish(bus, written(count))

    assert await stored(bus, "EVENTS") == [b"%d" % n for n in range(count)]


async def test_a_message_is_stored_as_it_was_written(bus: Bus) -> None:
    rows = written(10)

    await publish(bus, rows)

    found = await bus.js.get_msg("EVENTS", 10)
    assert (found.subject, found.data) == ("event.toys.made", b"9")
    assert found.headers is not None
    assert found.headers["ce-type"] == "toy.made"
    assert found.headers["Nats-Msg-Id"] == rows[9].message_id


@pytest.mark.parametrize("known", [1, 50, 100])
async def test_what_was_stored_before_is_not_stored_again(bus: Bus, known: int) -> None:
    """The relay died before it could delete them."""
    rows = written(100)
    await publish(bus, rows[:known])

    await publish(bus, rows)

    assert await stored(bus, "EVENTS") == [b"%d" % n for n in range(100)]


async def test_each_goes_to_the_stream_of_its_subject(bus: Bus) -> None:
    events, jobs = written(20), written(20, "job.toys.paint")

    await publish(bus, [row for pair in zip(events, jobs, strict=True) for row in pair])

    in_order = [b"%d" % n for n in range(20)]
    assert await stored(bus, "EVENTS") == in_order
    assert await stored(bus, "JOBS") == in_order


async def test_of_a_batch_that_holds_too_much_nothing_is_stored(bus: Bus) -> None:
    rows = written(20)
    rows[10] = rows[10]._replace(payload=b"x" * bus.client.max_payload)

    with pytest.raises(MaxPayloadError):
        await publish(bus, rows)

    assert await stored(bus, "EVENTS") == []
