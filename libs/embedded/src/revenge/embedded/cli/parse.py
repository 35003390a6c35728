"""`revenge parse`: what the names of files say."""

from __future__ import annotations

import rich_click as click


@click.command()
def parse() -> None:
    """Read one path a line on standard input, and write one JSON object a line."""
    from revenge.library_scanner.names.__main__ import main  # noqa: PLC0415 - only this needs it

    main()
