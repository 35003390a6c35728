"""`revenge migrate`: bring databases, streams and buckets up to date, and nothing else."""

from __future__ import annotations

import rich_click as click

from revenge.embedded.cli import asking, screen
from revenge.embedded.datadir import Data
from revenge.embedded.servers import program
from revenge.embedded.suite import external, preparing
from revenge.embedded.suite.servers import Servers
from revenge.embedded.suite.settings import SuiteSettings
from revenge.embedded.supervisor import Supervisor
from revenge.kit.migrate import Migration


@click.command()
def migrate() -> None:
    """Apply missing migrations and make missing streams; then stop again.

    On servers that run elsewhere when REVENGE_ADMIN_DATABASE_URL is set; else on those of the data
    folder, as `revenge up` does at every start.
    """
    elsewhere = asking.load(external.ExternalSettings)
    if elsewhere.admin.database_url:
        applied = asking.run(external.prepare(elsewhere))
    else:
        applied = asking.run(_migrate(asking.load()))
    for migration in applied:
        screen.say(f"  {migration.package}: {migration.version:06} {migration.name}")
    screen.say(f"{len(applied)} migrations applied; everything is up to date")


@click.command()
def secrets() -> None:
    """Print a random value for every secret of an installation, as a .env file."""
    for name, value in external.make_secrets():
        click.echo(f"{name}={value}")


@click.command("nats-config")
def nats_config() -> None:
    """Print the configuration of NATS: every service's user, and what it may do."""
    click.echo(external.nats_configuration(), nl=False)


async def _migrate(settings: SuiteSettings) -> list[Migration]:
    data = Data.at(settings.root)
    with data.locked():
        servers = Servers.of(data)
        async with Supervisor(data.logs, screen.show) as supervisor:
            await supervisor.start(program(servers.postgres), program(servers.nats))
            return await preparing.prepare(servers)
