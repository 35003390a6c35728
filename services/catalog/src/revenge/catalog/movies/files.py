"""Films follow their files: they appear, grow, shrink and hide with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from revenge.catalog import store as catalog
from revenge.catalog.describing import describe
from revenge.catalog.movies import rules
from revenge.catalog.movies.store import described
from revenge.catalog.movies.store import files as store
from revenge.catalog.rules import identity
from revenge.catalog.rules.files import richness
from revenge.catalog.rules.identity import Claim, Match
from revenge.contracts import FileId, MovieId
from revenge.contracts.library import FoundFile
from revenge.kit import Tx


async def take_in(tx: Tx, news: Sequence[FoundFile]) -> None:
    """Files that are new or changed, of any kind: some may have been films and are none now."""
    touched = await _unlink(tx, [file.id for file in news])
    claims = rules.claims(news)
    if claims:
        touched |= await _assign(tx, claims, {file.id: file for file in news})
    appeared = await _place(tx, touched)
    told = {file.id for file in news}
    await describe(
        tx,
        [
            rules.local_facts(speaker)
            for speaker in await _speakers(tx, touched)
            if speaker.file_id in told or speaker.movie_id in appeared
        ],
    )


async def let_go(tx: Tx, file_ids: Sequence[FileId]) -> None:
    """Files that are gone: what another file says of the film counts now."""
    touched = await _unlink(tx, file_ids)
    await _place(tx, touched)
    await describe(tx, [rules.local_facts(each) for each in await _speakers(tx, touched)])


async def announce(tx: Tx, change: rules.MovieChange) -> None:
    for event in change.events:
        await tx.emit(event, change.payload())


async def _unlink(tx: Tx, file_ids: Sequence[FileId]) -> set[MovieId]:
    return {MovieId(id) for id in await store.FILES.unlink(tx, file_ids)}


async def _assign(tx: Tx, claims: Sequence[Claim], files: Mapping[UUID, FoundFile]) -> set[MovieId]:
    """Link the files to their films, and make those that are not there yet."""
    known = await store.KEYS.known(tx, [key for claim in claims for key in claim.keys])
    matches = identity.resolve(known, claims, await catalog.new_ids(tx, len(claims)))
    new = [match for match in matches if match.is_new]
    if new:
        await described.MOVIES.add(tx, [_film(match, files) for match in new])
    await _connect(tx, matches)
    return {MovieId(match.id) for match in matches}


def _film(match: Match, files: Mapping[UUID, FoundFile]) -> rules.MovieFields:
    """As the file shows it that says most."""
    richest = max((files[file_id] for file_id in match.file_ids), key=richness)
    return rules.fields(MovieId(match.id), rules.describe(richest))


async def _connect(tx: Tx, matches: Sequence[Match]) -> None:
    keys = [(key, match.id) for match in matches for key in match.new_keys]
    if keys:
        await store.KEYS.add(tx, keys)
    await store.link(tx, [(file_id, match.id) for match in matches for file_id in match.file_ids])


async def _place(tx: Tx, movie_ids: Collection[MovieId]) -> set[MovieId]:
    """Bring the films where their files are. Returns those that were not to be seen before."""
    changes = await described.MOVIES.place(tx, movie_ids) if movie_ids else []
    for change in changes:
        await announce(tx, change)
    return {change.id for change in changes if change.appeared}


async def _speakers(tx: Tx, movie_ids: Collection[MovieId]) -> list[rules.Speaker]:
    return await store.speakers(tx, list(movie_ids)) if movie_ids else []
