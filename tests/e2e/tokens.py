"""Tokens signed with the suite's own key, which only who holds its data folder can make."""

import time

import msgspec
import psycopg
from joserfc import jwt
from joserfc.jwk import OKPKey
from tests.e2e.suite import Suite

from revenge.auth.signing import ALGORITHM
from revenge.embedded.datadir import Data
from revenge.embedded.suite import state
from revenge.kit.sealing import Vault


def aged(suite: Suite, token: str, seconds: int) -> str:
    """The same token, as if it had been made so many seconds earlier."""
    key = _key(suite)
    claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    claims |= {"iat": int(time.time()) - seconds, "exp": claims["exp"] - seconds}
    header = {"alg": ALGORITHM, "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _key(suite: Suite) -> OKPKey:
    data = Data.at(suite.data)
    address = next(c.address for c in state.read(data).components if c.name == "postgres")
    password = data.secret("postgres")
    with psycopg.connect(f"{address}/revenge", user="postgres", password=password) as connection:
        kid, sealed = connection.execute(
            "select kid, private from auth.signing_key order by created_at desc limit 1"
        ).fetchone() or ("", b"")
    vault = Vault(data.secret("auth"), "revenge.auth signing keys")
    return OKPKey.import_key(msgspec.json.decode(vault.open(sealed, f"signing_key.private:{kid}")))
