"""Settings: `REVENGE_*` from the environment over a YAML file over defaults, read once at start.

A service declares one frozen struct with one section per concern. The field `url` of the section
`database` is `REVENGE_DATABASE_URL`, or the content of the file that `REVENGE_DATABASE_URL_FILE`
names, or `database: {url: ...}` in the file that `REVENGE_CONFIG` names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

from revenge.contracts import Level

S = TypeVar("S", bound=msgspec.Struct)

PREFIX = "REVENGE"
CONFIG = f"{PREFIX}_CONFIG"  # names a file
LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")


class SettingsInvalid(Exception):
    """A setting is missing or wrong. The message names it."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that belong together."""


class Nats(Section, frozen=True, kw_only=True):
    url: str = "nats://127.0.0.1:4222"
    user: str = ""
    password: str = ""


class Database(Section, frozen=True, kw_only=True):
    url: str
    max_conns: int = 6  # for transactions
    read_conns: int = 2  # shared by all reads


class Cache(Section, frozen=True, kw_only=True):
    """Without a URL there is no second level: each process keeps its own."""

    url: str = ""


class Logging(Section, frozen=True, kw_only=True):
    level: str = "info"
    format: str = "text"

    def __post_init__(self) -> None:
        if self.level.lower() not in LEVELS:
            raise ValueError(f"the level is one of {', '.join(LEVELS)}")
        if self.format not in FORMATS:
            raise ValueError(f"the format is one of {', '.join(FORMATS)}")


class Tracing(Section, frozen=True, kw_only=True):
    """Without an endpoint, trace ids are passed on and logged, but no span leaves the process."""

    endpoint: str = ""
    ratio: float = 1.0


class Health(Section, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: int = 0  # 0: any free one


class Watched(Section, frozen=True, kw_only=True):
    """The same while somebody watches: descriptions by half, upkeep rests, scans go on slowly.

    Never more than otherwise.
    """

    critical: Annotated[int, Meta(ge=1)] = 20
    high: Annotated[int, Meta(ge=1)] = 15
    default: Annotated[int, Meta(ge=0)] = 5
    low: Annotated[int, Meta(ge=0)] = 0
    bulk: Annotated[int, Meta(ge=0)] = 2


class Jobs(Section, frozen=True, kw_only=True):
    """How many jobs of each level one process works on at once."""

    critical: int = 20
    high: int = 15
    default: int = 10
    low: int = 5
    bulk: int = 3
    watched: Watched = Watched()

    def most(self, level: Level, *, watched: bool = False) -> int:
        usual = int(getattr(self, level.value))
        return min(usual, int(getattr(self.watched, level.value))) if watched else usual


class Settings(Section, frozen=True, kw_only=True):
    """What every service needs. A service adds its own sections, and only those it uses."""

    nats: Nats = Nats()
    logging: Logging = Logging()
    tracing: Tracing = Tracing()
    health: Health = Health()
    jobs: Jobs = Jobs()


def load(settings: type[S], environ: Mapping[str, str] = os.environ) -> S:
    """Raises `SettingsInvalid`, which names the setting."""
    tree = _read_yaml(environ.get(CONFIG, ""))
    _overlay(tree, settings, environ, PREFIX)
    try:
        return msgspec.convert(tree, settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsInvalid(_explain(str(error))) from error


def _read_yaml(path: str) -> dict[str, Any]:
    if not path:
        return {}
    import yaml  # noqa: PLC0415 - takes 0.1 s, and most installations have no file

    try:
        tree = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingsInvalid(f"the settings file {path} cannot be read: {error}") from error
    if not isinstance(tree, dict):
        raise SettingsInvalid(f"the settings file {path} must be a mapping of sections")
    return tree


def _overlay(
    tree: dict[str, Any], section: type[Any], environ: Mapping[str, str], prefix: str
) -> None:
    for name, kind in get_type_hints(section).items():
        variable = f"{prefix}_{name.upper()}"
        if isinstance(kind, type) and issubclass(kind, Section):
            _overlay(tree.setdefault(name, {}), kind, environ, variable)
            continue
        value = _value_of(variable, environ)
        if value is not None:
            tree[name] = value


def _value_of(variable: str, environ: Mapping[str, str]) -> str | None:
    if variable in environ:
        return environ[variable]
    path = environ.get(f"{variable}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SettingsInvalid(
            f"{variable}_FILE names a file that cannot be read: {path}"
        ) from error


def _explain(message: str) -> str:
    """msgspec says `... - at `$.database.url``: name the variable beside it."""
    what, _, where = message.partition(" - at `$")
    steps = [step for step in where.rstrip("`").split(".") if step]
    if "missing required field" in what:
        steps.append(what.rsplit("`", 2)[1])
    return f"{'_'.join((PREFIX, *steps)).upper()}: {what}"
