"""Slow work: describe titles."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import msgspec

from revenge.contracts.metadata import (
    DescribeTitles,
    Description,
    LocalFacts,
    TitleDescribed,
    TitleKind,
    describe_titles,
    episode_described,
    movie_described,
    season_described,
    series_described,
)
from revenge.kit import Database, Router, Tx
from revenge.metadata import rules, store
from revenge.metadata.images import ids
from revenge.metadata.images.ids import Picture
from revenge.metadata.store import FactOf, Title

DESCRIBED = {
    TitleKind.MOVIE: movie_described,
    TitleKind.SERIES: series_described,
    TitleKind.SEASON: season_described,
    TitleKind.EPISODE: episode_described,
}


@dataclass(frozen=True)
class Describing:
    db: Database
    secret: str


router = Router[Describing]()


@router.job(describe_titles)
async def describe(order: DescribeTitles, with_: Describing) -> None:
    """Idempotent: the same facts again change nothing, and are no news."""
    as_of = order.as_of or datetime.now(UTC)
    facts = {title.id: title for title in order.titles}
    paths = [art.path for title in facts.values() for _, art in rules.pictures(title)]
    pictures = await asyncio.to_thread(ids.look, with_.secret, paths)
    async with with_.db.begin() as tx:
        await merge(list(facts.values()), pictures, as_of, tx)


async def merge(
    facts: Sequence[LocalFacts], pictures: Mapping[str, Picture], as_of: datetime, tx: Tx
) -> None:
    """Take in what the files say now, and announce every title of which more is known by it."""
    titles = await store.lock_titles(tx, {title.id: title.kind for title in facts})
    await store.add_pictures(tx, list(pictures.values()))
    said = [_stated(title, fact) for title in facts for fact in _local(title, pictures)]
    await store.put_facts(tx, said, as_of)
    await store.drop_facts(tx, [title.id for title in titles], rules.LOCAL, before=as_of)
    await _announce(titles, await _merged(titles, tx), tx)


def _local(facts: LocalFacts, pictures: Mapping[str, Picture]) -> Sequence[rules.Fact]:
    shown = {
        field: pictures[art.path].url_path
        for field, art in rules.pictures(facts)
        if art.path in pictures
    }
    return list(rules.local_facts(facts, msgspec.convert(shown, rules.Fields)))


def _stated(title: LocalFacts, fact: rules.Fact) -> FactOf:
    return FactOf(title.id, fact.source, fact.rank, fact.fields)


async def _merged(titles: Sequence[Title], tx: Tx) -> list[Description]:
    """In the order of the titles."""
    known = await store.facts_of(tx, [title.id for title in titles])
    known.sort(key=lambda fact: fact.title_id)
    of_each = {
        id: rules.merge(fact.fact for fact in facts)
        for id, facts in groupby(known, key=lambda fact: fact.title_id)
    }
    return [of_each.get(title.id, Description()) for title in titles]


async def _announce(titles: Sequence[Title], merged: Sequence[Description], tx: Tx) -> None:
    changed = {
        title.id: description
        for title, description in zip(titles, merged, strict=True)
        if description != title.description
    }
    kinds = {title.id: title.kind for title in titles}
    for described in await store.describe(tx, changed) if changed else ():
        news = TitleDescribed(described.id, described.revision, changed[described.id])
        await tx.emit(DESCRIBED[kinds[described.id]], news)
