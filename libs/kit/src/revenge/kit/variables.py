"""The variables that steer Revenge, and those that somebody believes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, get_type_hints

from revenge.kit.settings import CONFIG, PREFIX, Section


@cache
def known() -> frozenset[str]:
    """Of all services and of `revenge` itself: they may share one environment."""
    return frozenset(files("revenge.kit").joinpath("variables.txt").read_text("utf-8").split())


def of(section: type[Any], prefix: str = PREFIX) -> Iterator[str]:
    """The variables of these settings."""
    for name, kind in get_type_hints(section).items():
        variable = f"{prefix}_{name.upper()}"
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from of(kind, variable)
        else:
            yield variable


def strangers(environ: Mapping[str, str]) -> dict[str, str]:
    """What looks like a setting and is none, by its name: a sentence for people.

    Values are not looked at: one may be a password.
    """
    names = {name for name in environ if name.startswith(f"{PREFIX}_")}
    unknown = {name for name in names if name.removesuffix("_FILE") not in known()} - {CONFIG}
    return {name: _explain(name) for name in sorted(unknown)}


def _explain(name: str) -> str:
    near = get_close_matches(name, known(), n=1, cutoff=0.8)
    return f"{name} is no setting" + (f"; is {near[0]} meant?" if near else "")
