"""The whole service, on a real bus and database."""

import msgspec
import pytest

from revenge.auth.__main__ import start
from revenge.auth.settings import Administrator, AuthSettings, Setup, Signing
from revenge.contracts import Invalid, auth
from revenge.kit import Bus, acting_as, settings
from revenge.kit.following import follow
from revenge.kit.testing import an_admin, running


@pytest.fixture
def configured(untouched_url: str, nats: settings.Nats) -> AuthSettings:
    return AuthSettings(
        nats=nats,
        database=settings.Database(url=untouched_url, max_conns=4),
        auth=Signing(secret="a secret for tests only"),
        setup=Setup(token="the one-time token"),
    )


async def test_from_the_set_up_to_the_sign_out(configured: AuthSettings, bus: Bus) -> None:
    async with running("auth", configured, start):
        assert not (await bus.call(auth.get_setup, auth.GetSetup())).completed
        admin = await bus.call(
            auth.complete_setup,
            auth.CompleteSetup("the one-time token", "first", "correct horse battery"),
        )
        signed_in = await bus.call(auth.login, auth.Login("First", "correct horse battery"))
        refreshed = await bus.call(auth.refresh, auth.Refresh(signed_in.refresh_token))
        await bus.call(auth.logout, auth.Logout(refreshed.refresh_token))
        with pytest.raises(auth.TokenInvalid):
            await bus.call(auth.refresh, auth.Refresh(refreshed.refresh_token))

    assert signed_in.user.id == admin.id


async def test_what_happens_is_heard_on_the_bus(configured: AuthSettings, bus: Bus) -> None:
    configured = msgspec.structs.replace(
        configured, admin=Administrator(username="operator", password="correct horse battery")
    )
    async with running("auth", configured, start):
        await bus.call(auth.login, auth.Login("operator", "correct horse battery"))
        heard = follow(bus, "event.auth.>", after=0)
        types = [(await anext(heard)).headers["ce-type"] for _ in range(2)]
        await heard.aclose()

    assert types == ["user.created", "auth.login_success"]


async def test_faults_and_bad_requests_reach_whoever_asked(
    configured: AuthSettings, bus: Bus
) -> None:
    async with running("auth", configured, start):
        with pytest.raises(auth.SetupTokenWrong):
            await bus.call(
                auth.complete_setup, auth.CompleteSetup("wrong", "first", "correct horse battery")
            )
        with acting_as(an_admin()), pytest.raises(Invalid):
            await bus.call(auth.create_user, auth.CreateUser("a b", "correct horse battery"))


async def test_the_clean_up_is_scheduled_every_hour(configured: AuthSettings, bus: Bus) -> None:
    async with running("auth", configured, start):
        subject = f"schedule.{auth.clean_up.subject}"

        scheduled = await bus.js.get_last_msg("JOBS", subject)

    assert scheduled.headers is not None
    assert scheduled.headers["Nats-Schedule"] == "@every 1h"
