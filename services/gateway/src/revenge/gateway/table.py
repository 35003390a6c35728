"""The public API is a table: one line binds an HTTP operation to a contract.

The line is all there is to say. The request type tells where each field comes from (path, query
or body) and what is valid; the reply is passed on as the bytes that the service wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from revenge.contracts import Rpc

CATALOGUE = 60  # seconds that a reply about titles may be reused
BODIED = ("POST", "PUT", "PATCH")  # methods that say what they want in a body
SEES_TITLES = {"catalog", "movies", "tvshows", "search", "playback"}


@dataclass(frozen=True)
class Line:
    """One operation that clients may call.

    `needs` is the permission, `resource:action`; None is for the few that anyone may call.
    `fresh` is for how many seconds a reply may be reused, 0 for never. It is for replies that are
    the same for all who see the same libraries: they are kept here, and dropped as soon as there
    is an event of one of the domains that they follow.
    `guesses` marks those that somebody could try secrets on.
    """

    method: str
    path: str
    rpc: Rpc[Any, Any]
    needs: str | None
    status: int = 200
    fresh: int = 0
    follows: tuple[str, ...] = ()
    guesses: bool = False

    @property
    def domain(self) -> str:
        return self.rpc.subject.split(".")[1]

    @property
    def sees_titles(self) -> bool:
        """True if the reply depends on which libraries the caller may see."""
        return self.domain in SEES_TITLES

    @property
    def depends_on(self) -> frozenset[str]:
        return frozenset(self.follows or (self.domain,))

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it answers: shows have a short path as well."""
        short = re.sub(r"^/api/v1/tvshows(?=/|$)", "/api/v1/tv", self.path)
        return (self.path,) if short == self.path else (self.path, short)


def get(path: str, rpc: Rpc[Any, Any], needs: str | None) -> Line:
    """A read of what may change at any moment."""
    return Line("GET", path, rpc, needs)


def browse(
    path: str, rpc: Rpc[Any, Any], needs: str | None, *, follows: tuple[str, ...] = ()
) -> Line:
    """A read that is the same for all who see the same libraries."""
    return Line("GET", path, rpc, needs, fresh=CATALOGUE, follows=follows)


def post(
    path: str, rpc: Rpc[Any, Any], needs: str | None, status: int = 200, *, guesses: bool = False
) -> Line:
    return Line("POST", path, rpc, needs, status, guesses=guesses)


def put(path: str, rpc: Rpc[Any, Any], needs: str | None, status: int = 200) -> Line:
    return Line("PUT", path, rpc, needs, status)


def patch(path: str, rpc: Rpc[Any, Any], needs: str | None, status: int = 200) -> Line:
    return Line("PATCH", path, rpc, needs, status)


def delete(path: str, rpc: Rpc[Any, Any], needs: str | None, status: int = 204) -> Line:
    return Line("DELETE", path, rpc, needs, status)


def parameters(path: str) -> dict[str, str]:
    """The names in a path's braces, each with the field of the request that it fills.

    The original writes `{libraryId}` where the contract says `library_id`.
    """
    names = re.findall(r"\{(\w+)\}", path)
    return {name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in names}
