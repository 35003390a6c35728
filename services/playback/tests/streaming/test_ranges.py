import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.playback.streaming import ranges
from revenge.playback.streaming.ranges import ByteRange, NotModified, PreconditionFailed, Validators

MODIFIED = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
VALIDATORS = Validators('"abc"', MODIFIED)
THEN = "Sun, 01 Mar 2026 12:00:00 GMT"
BEFORE = "Sat, 28 Feb 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-499", [(0, 500)]),
        ("bytes=500-999", [(500, 1000)]),
        ("bytes=-500", [(9500, 10000)]),
        ("bytes=9500-", [(9500, 10000)]),
        ("bytes=0-0,-1", [(0, 1), (9999, 10000)]),
        ("bytes= 0-999, 4500-5499, -1000", [(0, 1000), (4500, 5500), (9000, 10000)]),
        ("bytes=-99999", [(0, 10000)]),
        ("bytes=9999-99999", [(9999, 10000)]),
        ("BYTES=0-0", [(0, 1)]),
        ("bytes=0-0,,5-5,", [(0, 1), (5, 6)]),
        ("bytes=20000-,5-5", [(5, 6)]),
        ("bytes=500-700,601-999", [(500, 1000)]),
        ("bytes=700-800,0-10", [(700, 801), (0, 11)]),
        ("bytes=0-,0-,0-", [(0, 10000)]),
    ],
)
def test_a_range_header_is_read_as_rfc_9110_says(
    header: str, expected: list[tuple[int, int]]
) -> None:
    assert ranges.parse(header, 10000) == expected


@pytest.mark.parametrize(
    "header",
    [
        *("bytes", "bytes=", "bytes=-", "bytes=,", "bytes=a-b", "bytes=5-1", "bytes=1-2-3"),
        *("bytes=0x1-2", "bytes=+1-2", "bytes=1.0-2", "items=0-5", "", "=", "bytes 0-5"),
        *(
            "bytes=\u0661-\u0662",
            "bytes=0-1;2-3",
            "bytes=" + ",".join(["0-0"] * 65),
            "bytes=" + "9" * 5000,
        ),
    ],
)
def test_what_is_no_valid_range_is_ignored(header: str) -> None:
    assert ranges.parse(header, 10000) is None


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=10000-10001,20000-", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.parse(header, 10000)


def test_no_range_of_an_empty_file_can_be_satisfied() -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.parse("bytes=0-", 0)


@given(st.text(alphabet="bytes=0123456789-, ;\t", max_size=60), st.integers(0, 1000))
def test_ranges_lie_inside_the_file_and_apart_whatever_is_asked(header: str, total: int) -> None:
    try:
        found = ranges.parse(header, total)
    except ranges.Unsatisfiable:
        return

    ordered = sorted(found or [])
    assert all(0 <= one.start < one.end <= total for one in ordered)
    assert sum(one.size for one in ordered) <= total


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_plain_range_is_taken_at_its_word(one: int, other: int) -> None:
    first, last = sorted((one, other))

    assert ranges.parse(f"bytes={first}-{last}", 1000) == [ByteRange(first, last + 1)]


def test_a_range_of_a_head_request_is_ignored() -> None:
    assert ranges.requested("HEAD", {"range": "bytes=0-1"}, VALIDATORS, 10) is None


@pytest.mark.parametrize("condition", ['"abc"', THEN])
def test_a_range_of_the_same_version_is_answered(condition: str) -> None:
    asked = {"range": "bytes=0-1", "if-range": condition}

    assert ranges.requested("GET", asked, VALIDATORS, 10) == [ByteRange(0, 2)]


@pytest.mark.parametrize("condition", ['"old"', 'W/"abc"', BEFORE, "nonsense", ""])
def test_a_range_of_another_version_is_answered_with_the_whole(condition: str) -> None:
    asked = {"range": "bytes=0-1", "if-range": condition}

    assert ranges.requested("GET", asked, VALIDATORS, 10) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"abc"'},
        {"if-none-match": 'W/"abc"'},
        {"if-none-match": '"x", "abc"'},
        {"if-none-match": "*"},
        {"if-modified-since": THEN},
    ],
)
def test_what_the_client_has_is_not_sent_again(headers: dict[str, str]) -> None:
    with pytest.raises(NotModified):
        ranges.requested("GET", headers, VALIDATORS, 10)


@pytest.mark.parametrize(
    "headers",
    [{"if-match": '"old"'}, {"if-match": 'W/"abc"'}, {"if-unmodified-since": BEFORE}],
)
def test_a_condition_that_fails_stops_the_request(headers: dict[str, str]) -> None:
    with pytest.raises(PreconditionFailed):
        ranges.requested("GET", headers, VALIDATORS, 10)


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"other"', "if-modified-since": THEN},
        {"if-match": '"abc"', "if-unmodified-since": BEFORE},
        {"if-modified-since": "nonsense"},
        {"if-modified-since": BEFORE},
        {"if-unmodified-since": "99 99 99"},
    ],
)
def test_tags_come_before_dates_and_bad_dates_are_ignored(headers: dict[str, str]) -> None:
    assert ranges.requested("GET", headers, VALIDATORS, 10) is None


def test_another_version_of_a_file_has_another_tag(tmp_path: Path) -> None:
    file = tmp_path / "film.mkv"
    file.write_bytes(b"one")
    before = Validators.of(file.stat())

    file.write_bytes(b"two")
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1))

    assert Validators.of(file.stat()).etag != before.etag
