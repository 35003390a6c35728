"""`revenge events`: follow what happens."""

from __future__ import annotations

import re
import sys
from contextlib import aclosing, suppress

import rich_click as click

from revenge.embedded.cli import asking
from revenge.embedded.datadir import Data
from revenge.embedded.suite import operator
from revenge.kit.following import Followed, follow

SUBJECT = re.compile(r"event(\.([\w-]+|\*))*(\.>)?")


@click.command()
@click.argument("subject", default="event.>")
@click.option(
    "--after", type=click.IntRange(min=0), help="Begin after this sequence, to see what has been."
)
@asking.data_option
def events(subject: str, after: int | None, folder: str | None) -> None:
    """Follow the events as they happen, one a line, until Ctrl-C.

    SUBJECT narrows them, with the wildcards of NATS: event.library.> or event.*.added
    """
    if not SUBJECT.fullmatch(subject):
        raise click.UsageError(f"{subject!r} is no subject of events, which begin with `event.`")
    with suppress(KeyboardInterrupt):
        asking.run(_follow(asking.existing_data(folder), subject, after))


async def _follow(data: Data, subject: str, after: int | None) -> None:
    async with (
        operator.asking(data) as bus,
        aclosing(follow(bus, subject, after=after)) as followed,  # ends before the bus does
    ):
        async for event in followed:
            sys.stdout.write(f"{_line(event)}\n")
            sys.stdout.flush()


def _line(event: Followed) -> str:
    """Sequence, time, type and payload, with tabs between."""
    when = event.headers.get("ce-time", "-")
    kind = event.headers.get("ce-type", event.subject)
    return f"{event.sequence}\t{when}\t{kind}\t{event.payload.decode()}"
