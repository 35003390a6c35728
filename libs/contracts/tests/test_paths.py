"""Paths survive as text whatever bytes they hold."""

import json
import os

from hypothesis import given
from hypothesis import strategies as st

from revenge.contracts.paths import to_os, to_text


@given(st.binary(max_size=80).filter(lambda raw: b"\0" not in raw))
def test_every_name_comes_back_from_its_text(raw: bytes) -> None:
    path = os.fsdecode(raw)

    text = to_text(path)

    assert to_os(json.loads(json.dumps(text).encode("utf-8"))) == path
    assert os.fsencode(to_os(text)) == raw


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_two_names_never_share_a_text(one: bytes, other: bytes) -> None:
    assert (to_text(os.fsdecode(one)) == to_text(os.fsdecode(other))) == (one == other)


def test_a_byte_that_is_not_utf8_is_shown_as_its_number() -> None:
    assert to_text(os.fsdecode(b"caf\xe9.mkv")) == "caf\ufffdE9.mkv"


def test_a_real_replacement_character_is_escaped_too() -> None:
    assert to_text("a\ufffdE9") == "a\ufffdEF\ufffdBF\ufffdBDE9"
