from uuid import uuid4

import pytest

from revenge.catalog.rules.changes import Change
from revenge.contracts import LibraryId

ONE, OTHER = LibraryId(uuid4()), LibraryId(uuid4())


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [
        ((), (ONE,), "added"),
        ((ONE,), (ONE, OTHER), "updated"),
        ((ONE,), (OTHER,), "updated"),
        ((ONE,), (), "deleted"),
        ((), (), None),
    ],
)
def test_what_is_told_of_a_title_depends_on_who_could_see_it(
    before: tuple[LibraryId, ...], now: tuple[LibraryId, ...], news: str | None
) -> None:
    change = Change(libraries_before=before, library_ids=now)

    assert change.news("added", "updated", "deleted") == news


def test_a_change_is_told_to_all_who_could_see_the_title_or_can_now() -> None:
    change = Change(libraries_before=(ONE,), library_ids=(ONE, OTHER))

    assert change.in_sight_of == (ONE, OTHER)
