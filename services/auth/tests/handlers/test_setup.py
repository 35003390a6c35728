import asyncio

import pytest

from revenge.auth.app import App
from revenge.auth.handlers import setup
from revenge.auth.settings import Administrator
from revenge.contracts import auth

REQUEST = auth.CompleteSetup("the one-time token", "first", "correct horse battery")


async def test_a_new_server_says_that_it_needs_an_administrator(untouched: App) -> None:
    async with untouched.db.read() as rows:
        found = await setup.get_setup(auth.GetSetup(), rows)

    assert found == auth.Setup(completed=False, todo=("create_administrator",))


async def test_whoever_has_the_token_becomes_the_administrator(untouched: App) -> None:
    made = await setup.complete_setup(REQUEST, untouched)

    assert made.role is auth.Role.ADMIN
    assert made.is_admin
    async with untouched.db.read() as rows:
        assert await setup.get_setup(auth.GetSetup(), rows) == auth.Setup(True, ())


async def test_another_token_makes_nobody(untouched: App) -> None:
    wrong = auth.CompleteSetup("another token", "first", "correct horse battery")

    with pytest.raises(auth.SetupTokenWrong):
        await setup.complete_setup(wrong, untouched)


@pytest.mark.parametrize("given", ["", "x", "the one-time tokeN", "ß"])
def test_only_the_whole_token_is_the_token(given: str) -> None:
    assert not setup.is_token(given, "the one-time token")
    assert setup.is_token("the one-time token", "the one-time token")


def test_where_no_token_is_set_none_is_right() -> None:
    assert not setup.is_token("", "")


async def test_a_common_password_does_not_protect_a_server(untouched: App) -> None:
    weak = auth.CompleteSetup("the one-time token", "first", "password123")

    with pytest.raises(auth.PasswordWeak):
        await setup.complete_setup(weak, untouched)


async def test_a_second_administrator_cannot_be_set_up(untouched: App) -> None:
    await setup.complete_setup(REQUEST, untouched)

    with pytest.raises(auth.SetupClosed):
        await setup.complete_setup(
            auth.CompleteSetup("the one-time token", "second", "correct horse battery"), untouched
        )


async def test_of_two_at_once_only_one_becomes_the_administrator(untouched: App) -> None:
    requests = [
        auth.CompleteSetup("the one-time token", name, "correct horse battery")
        for name in ("first", "second")
    ]

    results = await asyncio.gather(
        *(setup.complete_setup(request, untouched) for request in requests), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["SetupClosed", "User"]


async def test_the_settings_make_an_administrator_once(untouched: App) -> None:
    wanted = Administrator(username="operator", password="correct horse battery")

    await setup.ensure_administrator(untouched, wanted)
    await setup.ensure_administrator(untouched, wanted)
    await setup.ensure_administrator(
        untouched, Administrator(username="other", password="correct horse battery")
    )

    async with untouched.db.read() as rows:
        assert await rows.all(str, "select username from account") == ["operator"]


async def test_the_settings_close_the_setup(untouched: App) -> None:
    await setup.ensure_administrator(
        untouched, Administrator(username="operator", password="correct horse battery")
    )

    with pytest.raises(auth.SetupClosed):
        await setup.complete_setup(REQUEST, untouched)
