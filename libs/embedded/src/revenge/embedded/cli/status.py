"""`revenge status`: each component, its address, its health, its version."""

from __future__ import annotations

import sys

import rich_click as click
from rich.table import Table

from revenge.embedded.cli import asking
from revenge.embedded.cli.screen import console
from revenge.embedded.servers._probe import is_well
from revenge.embedded.suite import state
from revenge.embedded.suite.state import Component

UNHEALTHY = 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@asking.data_option
def status(folder: str | None, as_json: bool) -> None:
    """Show each component, its address, its health and its version.

    Exits with 1 when one of them is not healthy, or Revenge does not run.
    """
    found = state.read(asking.existing_data(folder))
    healthy = asking.run(_ask(found.components))
    if as_json:
        console.print_json(data=[_row(component, healthy) for component in found.components])
    else:
        console.print(_table(found, healthy))
    sys.exit(0 if all(healthy.values()) else UNHEALTHY)


async def _ask(components: tuple[Component, ...]) -> dict[str, bool]:
    """Servers are watched by the supervisor, services are asked themselves."""
    return {
        component.name: await is_well(component.health_url)
        if component.health_url
        else component.state == "ready"
        for component in components
    }


def _row(component: Component, healthy: dict[str, bool]) -> dict[str, object]:
    return {
        "name": component.name,
        "address": component.address,
        "healthy": healthy[component.name],
        "state": component.state,
        "version": component.version,
        "pid": component.pid,
        "restarts": component.restarts,
    }


def _table(found: state.SuiteState, healthy: dict[str, bool]) -> Table:
    table = Table(title=f"Revenge at {found.url}", title_justify="left", box=None, pad_edge=False)
    for heading in ("component", "health", "version", "pid", "restarts", "address"):
        table.add_column(heading, overflow="fold")
    for component in found.components:
        well = "[green]healthy[/]" if healthy[component.name] else f"[red]{component.trouble}[/]"
        pid = str(component.pid or "-")
        table.add_row(
            component.name, well, component.version, pid, str(component.restarts), component.address
        )
    return table
