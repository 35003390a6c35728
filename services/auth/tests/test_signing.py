from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
from joserfc import jwt
from joserfc.jwk import KeySet

from revenge.auth import signing
from revenge.auth.app import App
from revenge.auth.signing import Keyring
from revenge.contracts import SessionId
from revenge.contracts.auth import User
from revenge.kit import Database
from revenge.kit.sealing import Vault

MakeUser = Callable[..., Awaitable[User]]

LIFETIME = timedelta(hours=1)


async def published(db: Database) -> KeySet:
    async with db.read() as rows:
        return KeySet.import_key_set(msgspec.json.decode(await signing.published(rows)))


async def test_a_token_is_checked_with_the_published_keys(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    session = SessionId(uuid4())

    token = signing.sign(await app.keys.current(), user, session, LIFETIME)

    decoded = jwt.decode(token, await published(app.db), algorithms=["Ed25519"])
    assert decoded.claims["sub"] == str(user.id)
    assert decoded.claims["sid"] == str(session)
    assert decoded.claims["iss"] == decoded.claims["aud"] == "revenge"
    assert decoded.claims["role"] == "user"
    assert "movies:list" in decoded.claims["permissions"]


async def test_a_token_says_in_seconds_when_it_expires(app: App, make_user: MakeUser) -> None:
    token = signing.sign(await app.keys.current(), await make_user(), SessionId(uuid4()), LIFETIME)

    claims = jwt.decode(token, await published(app.db), algorithms=["Ed25519"]).claims
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - datetime.now(UTC).timestamp()) < 10


async def test_private_halves_are_neither_published_nor_readable_in_the_database(app: App) -> None:
    key = await app.keys.current()
    private = str(key.as_dict(private=True)["d"])

    async with app.db.read() as rows:
        shown = await signing.published(rows)
        stored = await rows.all(bytes, "select private from signing_key")

    assert private not in shown
    assert '"d"' not in shown
    assert all(private.encode() not in sealed for sealed in stored)


async def test_all_replicas_sign_with_the_same_key(untouched: App) -> None:
    other = Keyring(untouched.db, Vault(untouched.signing.secret, "tests"), LIFETIME)

    one, two = await untouched.keys.current(), await other.current()

    assert one.thumbprint() == two.thumbprint()


async def test_after_thirty_days_a_new_key_signs_and_the_old_one_still_verifies(
    untouched: App,
) -> None:
    old = await untouched.keys.current()
    async with untouched.db.begin() as tx:
        await tx.run("update signing_key set created_at = now() - interval '30 days 1 minute'")

    new = await Keyring(untouched.db, Vault(untouched.signing.secret, "tests"), LIFETIME).current()

    assert new.thumbprint() != old.thumbprint()
    kids = {key.kid for key in (await published(untouched.db)).keys}
    assert kids == {old.thumbprint(), new.thumbprint()}


async def test_a_key_is_forgotten_when_the_last_token_of_it_has_expired(untouched: App) -> None:
    old = await untouched.keys.current()
    async with untouched.db.begin() as tx:
        await tx.run("update signing_key set created_at = now() - interval '31 days'")

    await Keyring(untouched.db, Vault(untouched.signing.secret, "tests"), LIFETIME).current()

    assert old.thumbprint() not in {key.kid for key in (await published(untouched.db)).keys}


async def test_with_another_secret_a_new_key_is_made(untouched: App) -> None:
    old = await untouched.keys.current()

    new = await Keyring(untouched.db, Vault("another secret", "tests"), LIFETIME).current()

    assert new.thumbprint() != old.thumbprint()
