"""Fragments become segments: each is published when it is whole, and not before."""

from collections.abc import AsyncIterator
from fractions import Fraction
from typing import NamedTuple

import pytest

from revenge.playback.deciding import ladder
from revenge.playback.media import boxes, cuts
from revenge.playback.media.survey import VideoTrack
from revenge.playback.segments import assembling
from revenge.playback.segments.encode import Rendition
from revenge.playback.segments.fragments import Fragment

PICTURE = Fraction(1, 25)
TRACK = VideoTrack(0, Fraction(1, 1000), 1 / PICTURE, Fraction(0), Fraction(40))
SMALL = ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
FILM = Rendition("/film.mkv", TRACK, Fraction(0), cuts.fixed(Fraction(40), 1 / PICTURE), SMALL)


def fragment(start: float, end: float) -> Fragment:
    """Pictures from one position to before another; its bytes say which."""
    first, last = (cuts.EPOCH + Fraction(one) for one in (start, end))
    kind = b"%gto%g" % (start, end)
    return Fragment(first, last - PICTURE, (8 + len(kind)).to_bytes(4, "big") + b"free" + kind)


class Published(NamedTuple):
    number: int
    content: list[str]
    read: int  # fragments, by then


async def published(*fragments: Fragment, first: int = 0) -> list[Published]:
    read = 0

    async def reading() -> AsyncIterator[Fragment]:
        nonlocal read
        for one in fragments:
            read += 1
            yield one

    return [
        Published(number, [box.payload.decode() for box in boxes.boxes(data)], read)
        async for number, data in assembling.whole(reading(), FILM, first)
    ]


async def test_a_segment_is_published_with_its_last_picture() -> None:
    found = await published(fragment(0, 4), fragment(4, 8), fragment(8, 12))

    assert found == [
        Published(0, ["0to4"], 1),
        Published(1, ["4to8"], 2),
        Published(2, ["8to12"], 3),
    ]


async def test_a_segment_of_several_fragments_is_published_once() -> None:
    """As where times jump ahead, and each cut that was passed has its key frame."""
    found = await published(
        *(fragment(0, 3), fragment(17, 17.04), fragment(17.04, 17.08), fragment(17.08, 20)),
        fragment(20, 24),
    )

    assert found == [
        Published(0, ["0to3"], 2),
        Published(4, ["17to17.04", "17.04to17.08", "17.08to20"], 4),
        Published(5, ["20to24"], 5),
    ]


async def test_the_last_segment_is_published_when_there_is_no_more() -> None:
    found = await published(fragment(36, 38), fragment(38, 39), first=9)

    assert found == [Published(9, ["36to38", "38to39"], 2)]


async def test_a_picture_that_comes_after_the_last_one_is_not_lost() -> None:
    """It is shown where it should be all the same: players go by times."""
    found = await published(fragment(0, 3.99), fragment(3.99, 4), fragment(4, 8))

    assert found == [Published(0, ["0to3.99"], 1), Published(1, ["3.99to4", "4to8"], 3)]


@pytest.mark.parametrize("end", [36, 44])
async def test_a_film_may_be_longer_than_it_says(end: float) -> None:
    found = await published(fragment(36, end), first=9)

    assert found == [Published(9, [f"36to{end}"], 1)]
