from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from revenge.catalog.rules.identity import Claim, Known, claim, resolve
from revenge.contracts.library import Nfo, Parsed

IDS = st.lists(st.sampled_from(["imdb:1", "imdb:2", "tmdb:1", "tmdb:2"]), max_size=2, unique=True)
NAMES = st.lists(st.sampled_from(["title:a|", "title:b|"]), min_size=1, max_size=2, unique=True)
CLAIMS = st.lists(
    st.builds(
        Claim,
        st.uuids(),
        IDS.filter(lambda ids: len({id.partition(":")[0] for id in ids}) == len(ids)).map(tuple),
        NAMES.map(tuple),
    ),
    max_size=8,
    unique_by=lambda each: each.file_id,
)


def new_ids(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def known_after(known: list[Known], claims: list[Claim]) -> list[Known]:
    matches = resolve(known, claims, new_ids(len(claims)))
    return known + [Known(key, match.id) for match in matches for key in match.new_keys]


def test_the_keys_of_a_file_are_its_ids_and_its_names() -> None:
    found = claim(
        uuid4(),
        Parsed("Amelie", 2001, ids={"tmdb": "1", "odd": "2"}),
        Nfo(title="Amélie Poulain", ids={"tmdb": "194", "imdb": "TT0211915"}),
    )

    assert found.ids == ("imdb:tt0211915", "tmdb:194")
    assert found.names == ("title:amelie|2001", "title:amelie poulain|2001")


@given(CLAIMS)
def test_every_file_is_of_exactly_one_title(claims: list[Claim]) -> None:
    matches = resolve([], claims, new_ids(len(claims)))

    assert sorted(id for match in matches for id in match.file_ids) == sorted(
        each.file_id for each in claims
    )


@given(CLAIMS)
def test_every_key_leads_to_one_title(claims: list[Claim]) -> None:
    known = known_after([], claims)

    keys = [row.key for row in known]
    assert len(keys) == len(set(keys))
    assert set(keys) == {key for each in claims for key in each.keys}


@given(CLAIMS)
def test_files_that_are_told_of_again_make_no_new_title(claims: list[Claim]) -> None:
    known = known_after([], claims)
    with_ids = [each for each in claims if each.ids]

    again = resolve(known, with_ids, new_ids(len(with_ids)))

    assert not any(match.is_new for match in again)


@given(CLAIMS)
def test_files_with_an_equal_id_are_of_one_title(claims: list[Claim]) -> None:
    matches = resolve([], claims, new_ids(len(claims)))
    title_of = {id: match.id for match in matches for id in match.file_ids}
    first = {}

    for each in claims:
        if each.ids:
            first.setdefault(each.ids[0], title_of[each.file_id])

    for each in claims:
        if each.ids and each.ids[0] in first:
            assert title_of[each.file_id] == first[each.ids[0]]
