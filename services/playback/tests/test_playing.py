"""What handlers work with, when it fails them."""

import pytest
from nats.errors import ConnectionClosedError
from nats.errors import TimeoutError as NoReplyError
from nats.js.errors import ServiceUnavailableError

from revenge.contracts import Unavailable, playback
from revenge.kit.delivery import Delivery
from revenge.playback.playing import reaching

IN_HAND = Delivery("playback-get_playback")


@pytest.mark.parametrize("error", [ConnectionClosedError, NoReplyError, ServiceUnavailableError])
async def test_a_bus_that_goes_away_under_a_request_is_said_to(error: type[Exception]) -> None:
    with pytest.raises(Unavailable, match="try again later"):
        async with reaching(None)(IN_HAND):
            raise error


async def test_what_a_handler_says_is_passed_on() -> None:
    with pytest.raises(playback.TooManyTranscodes, match="enough"):
        async with reaching(None)(IN_HAND):
            raise playback.TooManyTranscodes("enough")
