from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from revenge.contracts import Level
from revenge.contracts.jobs import JobState
from revenge.notification import burial
from revenge.notification.streams import Stored

HEADERS = {
    "Revenge-Reason": "TimedOut: took longer than 300 s",
    "Revenge-Attempt": "5",
    "Revenge-Attempts": "5",
    "Revenge-Consumer": "auth-low-auth-clean_up",
    "Revenge-Id": "the-first-id",
    "Nats-Msg-Id": "auth-low-auth-clean_up:the-first-id:7",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}


def dead(
    payload: bytes = b"{}",
    subject: str = "dead.job.low.auth.clean_up",
    headers: Mapping[str, str] = HEADERS,
) -> Stored:
    return Stored(17, subject, payload, headers, datetime.now(UTC))


def test_ids_say_where_a_job_is() -> None:
    assert burial.parse("dead-17") == burial.Id(JobState.DEAD, 17)
    assert burial.parse("waiting-3") == burial.Id(JobState.WAITING, 3)
    assert str(burial.Id(JobState.DEAD, 17)) == "dead-17"


@pytest.mark.parametrize(
    "id",
    ["", "dead", "dead-", "dead-0", "dead--1", "dead-1.5", "dead-1 ", "x-1", "dead-" + "9" * 30],
)
def test_other_ids_are_nobodys(id: str) -> None:
    assert burial.parse(id) is None


def test_a_dead_job_says_why_and_whose_it_was() -> None:
    found = burial.dead(dead(b'{"deep":true}'), burial.SHOWN)

    assert (found.id, found.state, found.subject) == (
        "dead-17",
        JobState.DEAD,
        "job.low.auth.clean_up",
    )
    assert (found.job_id, found.level, found.attempts) == ("the-first-id", Level.LOW, 5)
    assert found.reason == "TimedOut: took longer than 300 s"
    assert found.consumer == "auth-low-auth-clean_up"
    assert found.payload == {"deep": True}


def test_a_dead_event_has_no_level() -> None:
    assert burial.dead(dead(subject="dead.event.movies.added"), burial.SHOWN).level is None


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"{" * 100, b"x" * 3000])
def test_a_payload_that_cannot_be_shown_is_described(payload: bytes) -> None:
    found = burial.dead(dead(payload), burial.LISTED)

    assert isinstance(found.payload, str)
    assert f"{len(payload)} bytes" in found.payload


def test_a_message_without_headers_is_shown_as_well() -> None:
    found = burial.dead(dead(headers={}), burial.SHOWN)

    assert (found.job_id, found.attempts, found.reason) == ("JOBS:17", 0, "")


def test_an_exhumed_job_is_as_it_was_sent_first_under_a_new_message_id() -> None:
    again = burial.exhume(dead())

    assert again.subject == "job.low.auth.clean_up"
    assert again.message_id != "the-first-id"
    assert again.headers == {
        "Revenge-Attempts": "5",
        "Revenge-Id": "the-first-id",
        "traceparent": HEADERS["traceparent"],
    }


def test_a_job_that_dies_again_comes_back_under_another_message_id() -> None:
    first = burial.exhume(dead())
    second = burial.exhume(
        Stored(18, "dead.job.low.auth.clean_up", b"{}", HEADERS, datetime.now(UTC))
    )

    assert first.message_id != second.message_id
    assert first.headers["Revenge-Id"] == second.headers["Revenge-Id"]
