import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.contracts import PlaybackId
from revenge.playback.faults import LinkExpired, LinkInvalid
from revenge.playback.streaming.signing import Grant, Signer, SigningKey

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
GRANT = Grant(PlaybackId(UUID(int=7)), NOW + dt.timedelta(hours=1), revision=2**40)
OLD, NEW = SigningKey("1", b"o" * 32), SigningKey("2", b"n" * 32)
SIGNER = Signer((NEW, OLD))


def test_what_was_signed_is_granted() -> None:
    assert SIGNER.verify(SIGNER.sign(GRANT), NOW) == GRANT


def test_addresses_that_are_signed_soon_after_each_other_differ() -> None:
    later = GRANT._replace(expires_at=GRANT.expires_at + dt.timedelta(milliseconds=1))

    assert SIGNER.sign(GRANT) != SIGNER.sign(later)


def test_an_expired_token_says_so() -> None:
    with pytest.raises(LinkExpired):
        SIGNER.verify(SIGNER.sign(GRANT), GRANT.expires_at)


def test_a_token_of_the_key_before_is_still_good() -> None:
    assert SIGNER.verify(Signer((OLD,)).sign(GRANT), NOW) == GRANT


def test_a_token_of_a_key_that_was_dropped_is_not() -> None:
    with pytest.raises(LinkInvalid):
        Signer((NEW,)).verify(Signer((OLD,)).sign(GRANT), NOW)


def test_a_token_of_another_secret_with_the_same_name_is_not() -> None:
    with pytest.raises(LinkInvalid):
        SIGNER.verify(Signer((SigningKey("2", b"x" * 32),)).sign(GRANT), NOW)


@given(st.data())
def test_a_token_with_any_letter_changed_is_refused(data: st.DataObject) -> None:
    token = SIGNER.sign(GRANT)
    place = data.draw(st.integers(0, len(token) - 1))
    # the last letter carries two bits that mean nothing
    letter = data.draw(st.sampled_from("ABCDEFGHabcdefgh0123456789-_.").filter(token[place].__ne__))
    forged = token[:place] + letter + token[place + 1 :]

    if place < len(token) - 1:
        with pytest.raises(LinkInvalid):
            SIGNER.verify(forged, NOW)


@given(st.text(max_size=200))
def test_no_text_makes_the_check_fail_in_another_way(token: str) -> None:
    with pytest.raises(LinkInvalid):
        SIGNER.verify(token, NOW)


@pytest.mark.parametrize(
    "keys", [(), (SigningKey("a", b"short"),), (SigningKey("a.b", b"x" * 32),)]
)
def test_keys_that_are_no_good_stop_the_start(keys: tuple[SigningKey, ...]) -> None:
    with pytest.raises(ValueError, match="key"):
        Signer(keys)
