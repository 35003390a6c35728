"""Who is let in, as whom, and for how long."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from revenge.contracts import ApiKeyId, LibraryId, SessionId, UserId, auth, library, movies
from revenge.embedded.testing import ValkeyServer
from revenge.gateway.settings import GatewaySettings, RateLimit, Server
from revenge.gateway.testing import (
    House,
    Services,
    a_movie,
    an_identity,
    libraries,
    opened,
)
from revenge.kit import Bus, Settings
from revenge.kit import settings as kit_settings
from revenge.kit.testing import eventually, free_port, running

MOVIES = "/api/v1/movies"


@pytest.fixture(autouse=True)
def answers(services: Services) -> None:
    services.answer(movies.list_movies, movies.MovieList((), 0, 1, 20))
    services.answer(auth.get_me, auth.UserNotFound())


async def status(house: House, headers: dict[str, str], path: str = MOVIES) -> int:
    return (await house.client.get(path, headers=headers)).status_code


async def test_without_a_token_one_must_sign_in(house: House) -> None:
    reply = await house.client.get(MOVIES)

    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Basic YTpi",
        "Bearer " + "x" * 5000,
    ],
)
async def test_what_is_no_token_lets_nobody_in(house: House, header: str) -> None:
    assert await status(house, {"Authorization": header}) == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 60},
        {"exp": "soon"},
        {"exp": None},
        {"iss": "somebody"},
        {"aud": "something"},
        {"sub": "ada"},
        {"sid": None},
        {"role": "emperor"},
        {"permissions": "*:*"},
        {"nbf": int(time.time()) + 3600},
    ],
)
async def test_a_token_must_say_what_ours_say(house: House, claims: dict[str, Any]) -> None:
    assert await status(house, house.admin(**claims)) == 401


async def test_a_token_of_another_key_is_forged(house: House) -> None:
    stranger = OKPKey.generate_key("Ed25519", {"kid": house.services.key.kid})
    forged = jwt.encode(
        {"alg": "Ed25519", "kid": house.services.key.kid},
        {"iss": "revenge", "aud": "revenge", "exp": int(time.time()) + 60},
        stranger,
        algorithms=["Ed25519"],
    )

    assert await status(house, {"Authorization": f"Bearer {forged}"}) == 401


async def test_a_token_cannot_choose_a_weaker_signature(house: House) -> None:
    public = msgspec.json.encode(house.services.key.as_dict(private=False))
    forged = jwt.encode(
        {"alg": "HS256", "kid": house.services.key.kid},
        {"iss": "revenge", "aud": "revenge", "exp": int(time.time()) + 60},
        OctKey.import_key(public),
        algorithms=["HS256"],
    )

    assert await status(house, {"Authorization": f"Bearer {forged}"}) == 401


async def test_a_changed_token_is_refused_though_the_right_one_is_known(house: House) -> None:
    headers = house.admin()
    assert await status(house, headers) == 200

    headers["Authorization"] = headers["Authorization"][:-6] + "AAAAAA"

    assert await status(house, headers) == 401


async def test_keys_are_asked_for_once_and_again_when_a_new_one_appears(house: House) -> None:
    await status(house, house.admin())
    await status(house, house.admin())
    assert len(house.services.asked_for(auth.get_keys)) == 1
    house.services.key = OKPKey.generate_key("Ed25519", {"kid": "new"})
    public = KeySet([house.services.key]).as_dict(private=False)
    house.services.answer(auth.get_keys, auth.Keys(msgspec.json.encode(public).decode()))

    async def is_let_in() -> bool:
        return await status(house, house.admin()) == 200

    assert await eventually(is_let_in, within=15, every=0.5)  # not asked again for five seconds


async def test_invented_keys_do_not_make_the_gateway_ask_again_and_again(house: House) -> None:
    await status(house, house.admin())

    for n in range(20):
        house.services.key = OKPKey.generate_key("Ed25519", {"kid": f"invented-{n}"})
        assert await status(house, house.admin()) == 401

    assert len(house.services.asked_for(auth.get_keys)) <= 2


async def test_a_permission_that_is_not_held_is_denied(house: House) -> None:
    reply = await house.client.get(MOVIES, headers=house.bearer("movies:get"))

    assert reply.status_code == 403
    assert "movies:list" in reply.json()["detail"]
    assert house.services.asked_for(movies.list_movies) == []


async def test_what_is_kept_for_one_is_denied_to_another_without_the_permission(
    house: House,
) -> None:
    assert await status(house, house.admin()) == 200
    weak = house.bearer("profile:read", role="admin")
    await status(house, weak, f"{MOVIES}/{uuid4()}")

    assert await status(house, weak) == 403


async def test_an_api_key_is_asked_for_once_in_a_while(house: House) -> None:
    house.services.answer(auth.identify_key, an_identity("movies:list"))
    headers = {"X-API-Key": "rv_" + "0" * 64}

    assert [await status(house, headers, f"{MOVIES}?limit={n}") for n in (1, 2, 3)] == [200] * 3
    assert len(house.services.asked_for(auth.identify_key)) == 1
    assert house.services.asked_for(movies.list_movies)[0].by.username == "grace"  # type: ignore[union-attr]


async def test_an_api_key_that_nobody_has_lets_nobody_in(house: House) -> None:
    house.services.answer(auth.identify_key, auth.TokenInvalid())

    assert await status(house, {"X-API-Key": "rv_wrong"}) == 401


async def test_a_bearer_token_is_no_api_key_and_an_api_key_no_bearer_token(house: House) -> None:
    house.services.answer(auth.identify_key, auth.TokenInvalid())
    bearer = house.admin()["Authorization"]
    assert await status(house, {"Authorization": bearer}) == 200

    assert await status(house, {"X-API-Key": bearer}) == 401


async def test_a_session_that_is_revoked_ends_at_once(house: House) -> None:
    session = SessionId(uuid4())
    headers = house.admin(sid=str(session))
    assert await status(house, headers) == 200

    await house.emit(auth.session_revoked, auth.SessionRevoked(session, UserId(uuid4())))

    async def is_out() -> bool:
        return await status(house, headers) == 401

    assert await eventually(is_out)
    assert await status(house, house.admin()) == 200


async def test_an_api_key_that_is_revoked_ends_at_once(house: House) -> None:
    identity = an_identity("movies:list")
    house.services.answer(auth.identify_key, identity)
    headers = {"X-API-Key": "rv_" + "1" * 64}
    assert await status(house, headers) == 200

    key_id = ApiKeyId(identity.api_key_id or uuid4())
    await house.emit(auth.api_key_revoked, auth.ApiKeyRevoked(key_id, identity.user_id))

    async def is_out() -> bool:
        return await status(house, headers) == 401

    assert await eventually(is_out)


async def test_a_user_who_is_deleted_is_out_with_every_session(house: House) -> None:
    user = UserId(uuid4())
    sessions = [house.admin(sub=str(user)), house.admin(sub=str(user))]
    assert [await status(house, headers) for headers in sessions] == [200, 200]

    await house.emit(auth.user_deleted, auth.UserEvent(user, "ada"))

    async def are_out() -> bool:
        return [await status(house, headers) for headers in sessions] == [401, 401]

    assert await eventually(are_out)


async def test_a_revoked_session_stays_revoked_when_the_gateway_starts_again(
    house: House, services: Services, bus: Bus
) -> None:
    session = SessionId(uuid4())
    await house.emit(auth.session_revoked, auth.SessionRevoked(session, UserId(uuid4())))
    again = msgspec.structs.replace(
        house.settings, server=msgspec.structs.replace(house.settings.server, port=free_port())
    )

    async with opened(services, bus, again) as second:
        assert await status(second, house.admin(sid=str(session))) == 401
        assert await status(second, house.admin()) == 200


async def test_a_user_is_sent_on_with_the_libraries_that_they_may_see(house: House) -> None:
    seen = uuid4()
    house.services.answer(library.list_libraries, libraries(seen))

    await status(house, house.bearer("movies:list"))

    (asked,) = house.services.asked_for(movies.list_movies)
    assert asked.by is not None
    assert asked.by.libraries == {LibraryId(seen)}


async def test_an_administrator_sees_all_and_nobody_is_asked_for_it(house: House) -> None:
    await status(house, house.admin())

    (asked,) = house.services.asked_for(movies.list_movies)
    assert asked.by is not None
    assert asked.by.libraries is None
    assert house.services.asked_for(library.list_libraries) == []


async def test_what_a_user_may_see_is_asked_once_until_it_changes(house: House) -> None:
    user = UserId(uuid4())
    headers = house.bearer("movies:list", sub=str(user))
    for limit in (1, 2, 3):
        await status(house, headers, f"{MOVIES}?limit={limit}")
    assert len(house.services.asked_for(library.list_libraries)) == 1
    granted = uuid4()
    house.services.answer(library.list_libraries, libraries(granted))

    await house.emit(
        library.permission_changed,
        library.PermissionChanged(LibraryId(granted), user, (library.Permission.VIEW,)),
    )

    async def sees_it() -> bool:
        await status(house, headers)
        by = house.services.asked_for(movies.list_movies)[-1].by
        return by is not None and by.libraries == {LibraryId(granted)}

    assert await eventually(sees_it)


async def test_who_asks_for_an_account_is_not_asked_for_libraries(house: House) -> None:
    assert await status(house, house.bearer("profile:read"), "/api/v1/users/me") == 404
    assert house.services.asked_for(library.list_libraries) == []


async def test_a_bad_token_does_not_hinder_what_anyone_may_do(house: House) -> None:
    house.services.answer(auth.get_setup, auth.Setup(completed=True, todo=()))

    assert await status(house, {"Authorization": "Bearer old"}, "/api/v1/setup") == 200


async def test_two_users_who_see_different_libraries_never_share_a_reply(house: House) -> None:
    one, other = uuid4(), uuid4()
    shown = {"one": a_movie(title="One"), "other": a_movie(title="Other")}

    async def look(name: str, seen: Any) -> str:
        house.services.answer(library.list_libraries, libraries(seen))
        house.services.answer(movies.list_movies, movies.MovieList((shown[name],), 1, 1, 20))
        reply = await house.client.get(MOVIES, headers=house.bearer("movies:list"))
        title: str = reply.json()["items"][0]["title"]
        return title

    assert await look("one", one) == "One"
    assert await look("other", other) == "Other"


async def test_two_gateways_ask_once_between_them_where_a_cache_is_shared(
    services: Services, bus: Bus, nats: kit_settings.Nats, valkey_server: ValkeyServer
) -> None:
    services.answer(auth.identify_key, an_identity("movies:list"))
    headers = {"X-API-Key": f"rv_{uuid4().hex}"}
    one, other = (
        GatewaySettings(
            nats=nats,
            cache=kit_settings.Cache(url=valkey_server.url),
            server=Server(host="127.0.0.1", port=free_port(), rate_limit=RateLimit(enabled=False)),
        )
        for _ in range(2)
    )

    async with (
        running("everything", Settings(nats=nats), services.start),
        opened(services, bus, one) as first,
        opened(services, bus, other) as second,
    ):
        answers = [await status(first, headers), await status(second, headers)]

    assert answers == [200, 200]
    assert len(services.asked_for(auth.identify_key)) == 1
