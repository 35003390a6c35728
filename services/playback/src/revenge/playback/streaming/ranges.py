"""Conditional requests and byte ranges (RFC 9110, sections 13 and 14), without any I/O."""

import datetime as dt
import itertools
import os
import re
from collections.abc import Mapping
from email.utils import format_datetime, parsedate_to_datetime
from typing import NamedTuple

#: More ranges in one request are refused by answering with the whole (RFC 9110, 14.2).
_MOST_RANGES = 64
_LONGEST_HEADER = 4096

_SPEC = re.compile(r"(\d{0,18})[ \t]*-[ \t]*(\d{0,18})", re.ASCII)
_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


class ByteRange(NamedTuple):
    """Bytes [start, end)."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start

    def content_range(self, total: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{total}"


class Unsatisfiable(Exception):
    """No range that was asked for touches the content: 416."""


class PreconditionFailed(Exception):
    """412"""


class NotModified(Exception):
    """304"""


class Validators(NamedTuple):
    """What tells one version of a file from another."""

    etag: str  # strong, with its quotes
    modified: dt.datetime  # whole seconds, UTC

    @classmethod
    def of(cls, status: os.stat_result) -> "Validators":
        etag = f'"{status.st_ino:x}-{status.st_size:x}-{status.st_mtime_ns:x}"'
        modified = dt.datetime.fromtimestamp(int(status.st_mtime), dt.UTC)
        return cls(etag, modified)

    @property
    def last_modified(self) -> str:
        return format_datetime(self.modified, usegmt=True)


def parse(header: str, total: int) -> list[ByteRange] | None:
    """The ranges of a `Range` header in the order asked for, overlapping ones joined.

    None when the header says nothing valid, and is to be ignored. Raises `Unsatisfiable`.
    """
    unit, equals, rest = header.partition("=")
    if not equals or unit.strip().lower() != "bytes" or len(header) > _LONGEST_HEADER:
        return None
    specs = [spec.strip(" \t") for spec in rest.split(",")]
    specs = [spec for spec in specs if spec]  # empty elements of a list mean nothing
    if not specs or len(specs) > _MOST_RANGES:
        return None
    found: list[ByteRange] = []
    for spec in specs:
        match = _SPEC.fullmatch(spec)
        if match is None or not _is_valid(match[1], match[2]):
            return None
        one = _resolve(match[1], match[2], total)
        if one is not None:
            found.append(one)
    if not found:
        raise Unsatisfiable
    return _joined(found)


def requested(
    method: str, headers: Mapping[str, str], validators: Validators, total: int
) -> list[ByteRange] | None:
    """The ranges to answer with; None for the whole content.

    Raises `PreconditionFailed`, `NotModified` or `Unsatisfiable`. Names in `headers` are lower
    case.
    """
    _check(headers, validators)
    header = headers.get("range")
    if method != "GET" or header is None or not _if_range(headers.get("if-range"), validators):
        return None
    return parse(header, total)


def _is_valid(first: str, last: str) -> bool:
    if not first:
        return bool(last)
    return not last or int(first) <= int(last)


def _resolve(first: str, last: str, total: int) -> ByteRange | None:
    if not first:
        start, end = max(0, total - int(last)), total
    else:
        start, end = int(first), min(int(last) + 1 if last else total, total)
    return ByteRange(start, end) if start < end else None


def _joined(found: list[ByteRange]) -> list[ByteRange]:
    """Overlapping ranges would send the same bytes again and again (RFC 9110, 17.15)."""
    ordered = sorted(found)
    apart = all(one.end <= other.start for one, other in itertools.pairwise(ordered))
    if apart:
        return found
    joined = ordered[:1]
    for one in ordered[1:]:
        if one.start <= joined[-1].end:
            joined[-1] = ByteRange(joined[-1].start, max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return joined


def _check(headers: Mapping[str, str], validators: Validators) -> None:
    """In the order of RFC 9110, 13.2.2."""
    if_match, if_none_match = headers.get("if-match"), headers.get("if-none-match")
    unmodified, since = headers.get("if-unmodified-since"), headers.get("if-modified-since")
    if if_match is not None:
        if not _matches(if_match, validators.etag, weak=False):
            raise PreconditionFailed
    elif (time := _date(unmodified)) is not None and validators.modified > time:
        raise PreconditionFailed
    if if_none_match is not None:
        if _matches(if_none_match, validators.etag, weak=True):
            raise NotModified
    elif (time := _date(since)) is not None and validators.modified <= time:
        raise NotModified


def _matches(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    tags = _ENTITY_TAG.findall(header[:_LONGEST_HEADER])
    return any((tag.removeprefix("W/") if weak else tag) == etag for tag in tags)


def _if_range(header: str | None, validators: Validators) -> bool:
    """Whether the client's part is of this version, so that ranges may complete it."""
    if header is None:
        return True
    if header.strip().startswith(('"', "W/")):
        return header.strip() == validators.etag
    return _date(header) == validators.modified


def _date(header: str | None) -> dt.datetime | None:
    """None for what is no date: such a condition is ignored."""
    if header is None:
        return None
    try:
        time = parsedate_to_datetime(header.strip())
    except (ValueError, IndexError, OverflowError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
