"""Who asks travels with the request, and is never guessed."""

import pytest

from revenge.contracts import Denied, Unauthenticated
from revenge.kit import calling
from revenge.kit.testing import a_user, an_admin


def test_nobody_asks_outside_of_a_request() -> None:
    with pytest.raises(Unauthenticated):
        calling.caller()


def test_the_caller_survives_the_journey_in_the_headers() -> None:
    sender = a_user(permissions=["movies:list"], username="zoë")
    with calling.acting_as(sender):
        headers = calling.to_headers()

    assert calling.from_headers(headers) == sender
    assert all(value.isascii() for value in headers.values())


def test_a_permission_that_is_not_held_is_denied() -> None:
    with calling.acting_as(a_user(permissions=["movies:list"])):
        calling.demand("movies:list")
        with pytest.raises(Denied, match="movies:delete"):
            calling.demand("movies:delete")


def test_an_administrator_may_do_everything_and_see_all() -> None:
    with calling.acting_as(an_admin()) as _:
        assert calling.demand("anything:at_all").sees([])
