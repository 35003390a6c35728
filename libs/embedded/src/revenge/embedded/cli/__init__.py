"""`revenge`: the command line of an operator. Each command is a module of its own."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import NoReturn

import rich_click as click

from revenge.embedded.cli.doctor import doctor
from revenge.embedded.cli.events import events
from revenge.embedded.cli.migrate import migrate, nats_config, secrets
from revenge.embedded.cli.parse import parse
from revenge.embedded.cli.scan import scan
from revenge.embedded.cli.status import status
from revenge.embedded.cli.up import up
from revenge.embedded.cli.user import user
from revenge.embedded.errors import EmbeddedError
from revenge.kit import logs

FAILED = 1
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="revenge")
def revenge() -> None:
    """A media server for your films, shows, music, books and photos.

    Settings come from REVENGE_* variables, or from the YAML file that REVENGE_CONFIG names.

    Exit codes: 0 done, 1 it failed and said why, 2 wrong usage, 78 a wrong setting.
    """


for command in (up, status, scan, doctor, migrate, user, events, parse, secrets, nats_config):
    revenge.add_command(command)


def main() -> None:
    """Errors that we foresaw are one line; others are bugs and show where."""
    logs.configure("cli", "error", as_json=False)  # the screen says what matters
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal knows every sign
    try:
        revenge()
    except EmbeddedError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left fails again
        _fail(f"its data or its output cannot be written: {error.strerror}")


def _fail(why: str) -> NoReturn:
    sys.stderr.write(f"revenge: {why}\n")
    sys.exit(FAILED)
