"""Notification: tells webhooks what happens, and looks after the jobs of all services.

It opens its database and an HTTP client, hears every announced event, and watches the stream
of the dead.
"""

from __future__ import annotations

from revenge.contracts import notification
from revenge.kit import Database, Service, always, run
from revenge.kit.sealing import Vault
from revenge.notification import agent, jobs, sending
from revenge.notification.deaths import announce_deaths
from revenge.notification.handlers import jobs as queued
from revenge.notification.handlers import webhooks
from revenge.notification.queues import Queues
from revenge.notification.settings import NotificationSettings


async def start(service: Service, settings: NotificationSettings) -> None:
    db = await service.open_database(settings.database)
    http = await service.open(sending.client())
    vault = Vault(settings.notification.secret, "revenge.notification webhooks")
    service.include(webhooks.reads, scope=db.reading)
    service.include(webhooks.writes, scope=db.writing)
    service.include(webhooks.making, scope=always(webhooks.Maker(db, vault)))
    service.include(queued.router, scope=always(Queues(service.bus)))
    service.include(agent.listen(), scope=agent.hearing(db))
    service.include(jobs.router, scope=always(jobs.Courier(db, http, vault)))
    service.spawn(announce_deaths, service.bus, db)
    service.spawn(announce_start, db)


async def announce_start(db: Database) -> None:
    async with db.begin() as tx:
        started = notification.SystemEvent("Revenge has started.", "startup")
        await tx.emit(notification.system_started, started)


if __name__ == "__main__":
    run("notification", NotificationSettings, start, niceness=15)
