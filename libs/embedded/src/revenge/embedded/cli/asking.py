"""How commands reach the running suite, and what they say when it refuses."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar, overload

import rich_click as click

from revenge.contracts import Fault
from revenge.embedded.datadir import Data
from revenge.embedded.errors import EmbeddedError
from revenge.embedded.suite.settings import SuiteSettings
from revenge.embedded.suite.state import NotRunning
from revenge.kit import settings, variables
from revenge.kit.migrate import MigrationError
from revenge.kit.service import WRONG_SETTINGS

T = TypeVar("T")
S = TypeVar("S", bound=settings.Settings)


class Refused(EmbeddedError):
    """A service answered with a fault, or a migration does not fit."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run it; what was foreseen becomes an error of one line. Raises EmbeddedError."""
    try:
        return asyncio.run(work)
    except (Fault, MigrationError) as refusal:
        raise Refused(_readable(str(refusal))) from refusal


def _readable(refusal: str) -> str:
    """Of what does not fit a contract: the field first, as a person says it."""
    return re.sub(r"(.*) - at `\$\.(\w+)`", r"\2: \1", refusal)


@overload
def load() -> SuiteSettings: ...
@overload
def load(kind: type[S]) -> S: ...
def load(kind: type[settings.Settings] = SuiteSettings) -> settings.Settings:
    """The settings; a wrong one ends the program and is named."""
    try:
        return settings.load(kind)
    except settings.SettingsInvalid as error:
        sys.stderr.write(f"revenge: {error}\n")
        sys.exit(WRONG_SETTINGS)


def turn_away_strangers() -> None:
    """Name what looks like a setting and is none. Services are not given it: it is said once."""
    for name, said in variables.strangers(os.environ).items():
        sys.stderr.write(f"revenge: {said}\n")
        del os.environ[name]


def existing_data(folder: str | None) -> Data:
    """The data folder of an installation. Raises NotRunning where there is none."""
    root = Path(folder) if folder else load().root
    if not (root / "run").is_dir() or not os.access(root, os.R_OK):
        raise NotRunning(root)
    return Data.at(root)


data_option = click.option(
    "--data", "folder", metavar="FOLDER", help="The data folder, instead of REVENGE_DATA_DIR."
)
