"""Which files are of the same title.

A file leads to its title by keys: strong ones, the ids of providers (`tmdb:603`), and weak ones,
a title with its year (`title:the matrix|1999`). Files that share a key are of one title, unless
they only share a weak one and their ids differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from msgspec import Struct

from revenge.catalog.rules.titles import normalise
from revenge.contracts.library import Nfo, Parsed

PROVIDERS = ("imdb", "tmdb", "tvdb")


class Known(Struct, frozen=True):
    """A key that leads to a title already."""

    key: str
    title_id: UUID


class Claim(Struct, frozen=True):
    """What one file says about which title it is of."""

    file_id: UUID
    ids: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.ids, *self.names)


@dataclass
class Match:
    """A title, and the files that are of it."""

    id: UUID
    is_new: bool = False
    keys: set[str] = field(default_factory=set[str])
    new_keys: list[str] = field(default_factory=list[str])
    file_ids: list[UUID] = field(default_factory=list[UUID])

    def take(self, claim: Claim) -> None:
        self.file_ids.append(claim.file_id)

    def claim(self, key: str) -> None:
        self.keys.add(key)
        self.new_keys.append(key)

    def contradicts(self, claim: Claim) -> bool:
        """True if one provider knows both under different ids."""
        providers = {_provider(key) for key in self.keys}
        return any(_provider(key) in providers and key not in self.keys for key in claim.ids)


def claim(file_id: UUID, parsed: Parsed, nfo: Nfo | None) -> Claim:
    """The keys of a file. Where name and NFO disagree about an id, the NFO is right."""
    known = {**parsed.ids, **(nfo.ids if nfo else {})}
    names = [name_key(parsed.title, parsed.year)]
    if nfo and nfo.title:
        names.append(name_key(nfo.title, nfo.year or parsed.year))
    return Claim(file_id, id_keys(known), tuple(dict.fromkeys(names)))


def id_keys(ids: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{provider}:{ids[provider].lower()[:64]}" for provider in PROVIDERS if ids.get(provider)
    )


def name_key(title: str, year: int | None) -> str:
    return f"title:{normalise(title)}|{year or ''}"


def resolve(
    known: Iterable[Known], claims: Sequence[Claim], new_ids: Iterable[UUID]
) -> list[Match]:
    """The titles of these files, each with the keys that are to lead to it from now on.

    There must be as many new ids as claims: every file may be of a title of its own.
    """
    owners = _owners(known)
    matches: dict[UUID, Match] = {}
    for each, new_id in zip(claims, new_ids, strict=True):
        match = _find(owners, each) or Match(new_id, is_new=True)
        match.take(each)
        matches[match.id] = match
        for key in each.keys:
            if key not in owners:
                owners[key] = match
                match.claim(key)
    return list(matches.values())


def _owners(known: Iterable[Known]) -> dict[str, Match]:
    titles: dict[UUID, Match] = {}
    owners: dict[str, Match] = {}
    for row in known:
        owners[row.key] = titles.setdefault(row.title_id, Match(row.title_id))
        owners[row.key].keys.add(row.key)
    return owners


def _find(owners: Mapping[str, Match], wanted: Claim) -> Match | None:
    for key in wanted.ids:
        if key in owners:
            return owners[key]
    for key in wanted.names:
        if key in owners and not owners[key].contradicts(wanted):
            return owners[key]
    return None


def _provider(key: str) -> str:
    """Nothing for a name: a title may have many."""
    provider = key.partition(":")[0]
    return provider if provider in PROVIDERS else ""
