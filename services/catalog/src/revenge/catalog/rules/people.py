"""Who made a title: those who are seen in it, and those who are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from revenge.contracts.catalog import Credit, CreditList, CreditType
from revenge.contracts.library import Person

_ACTOR = "actor"
_DEPARTMENTS = {"director": "Directing", "writer": "Writing", "producer": "Production"}


def cast(people: Iterable[Person]) -> list[Credit]:
    actors = sorted(
        (person for person in people if person.role == _ACTOR), key=lambda person: person.order
    )
    return [
        Credit(actor.name, CreditType.CAST, character=actor.character, cast_order=actor.order)
        for actor in actors
    ]


def crew(people: Iterable[Person]) -> list[Credit]:
    return [
        Credit(
            person.name,
            CreditType.CREW,
            job=person.role.capitalize(),
            department=_DEPARTMENTS.get(person.role, "Crew"),
        )
        for person in people
        if person.role != _ACTOR
    ]


def page(credits: Sequence[Credit], limit: int, offset: int) -> CreditList:
    shown = tuple(credits[offset : offset + limit])
    return CreditList(shown, len(credits), page=offset // limit + 1, page_size=limit)
