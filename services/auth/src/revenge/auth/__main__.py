"""Auth: users, sessions, API keys, and what each may do.

It opens its database and makes the signing key and, where the settings name one, the first
administrator, before it answers anything.
"""

from __future__ import annotations

from revenge.auth import jobs
from revenge.auth.app import App
from revenge.auth.handlers import api_keys, sessions, setup, users
from revenge.auth.settings import AuthSettings
from revenge.auth.signing import Keyring
from revenge.contracts import auth
from revenge.kit import Service, always, run
from revenge.kit.sealing import Vault


async def start(service: Service, settings: AuthSettings) -> None:
    db = await service.open_database(settings.database)
    signing = settings.auth
    vault = Vault(signing.secret, "revenge.auth signing keys")
    keys = Keyring(db, vault, signing.access_lifetime)
    app = App(db, keys, signing, settings.setup.token)
    await keys.current()
    await setup.ensure_administrator(app, settings.admin)
    for reads in (setup.reads, sessions.reads, users.reads, api_keys.reads):
        service.include(reads, scope=db.reading)
    for writes in (sessions.writes, users.writes, api_keys.writes):
        service.include(writes, scope=db.writing)
    for slow in (setup.slow, sessions.slow, users.slow, jobs.router):
        service.include(slow, scope=always(app))
    service.schedule(auth.clean_up, auth.CleanUp(), "@every 1h")


if __name__ == "__main__":
    run("auth", AuthSettings, start)
