import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.playback.media import boxes, decode_times, moof
from revenge.playback.media.boxes import BoxDamaged
from revenge.playback.media.moof import Sample

SAMPLES = st.builds(
    Sample,
    duration=st.integers(0, 1 << 20),
    size=st.integers(0, 50),
    key=st.booleans(),
    late=st.integers(-(1 << 20), 1 << 20),
)


@given(st.integers(0, 1 << 40), st.lists(SAMPLES, min_size=1))
def test_samples_are_shown_when_they_are_meant_to(start: int, samples: list[Sample]) -> None:
    head = moof.head(start, samples)

    decoded = [start + sum(item.duration for item in samples[:n]) for n in range(len(samples))]
    shown = [time + item.late for time, item in zip(decoded, samples, strict=True)]
    first = next(boxes.boxes(head[: int.from_bytes(head[:4], "big")]))
    assert decode_times.shown(first.data) == shown


@given(st.lists(SAMPLES, min_size=1))
def test_the_media_begins_where_it_says_and_is_as_long_as_its_samples(
    samples: list[Sample],
) -> None:
    head = moof.head(0, samples)
    media = bytes(sum(sample.size for sample in samples))

    first, second = boxes.boxes(head + media)
    run = boxes.find(first.data, "moof", "traf", "trun")
    assert run is not None
    assert int.from_bytes(run.payload[8:12], "big") == len(head)
    assert (second.kind, second.payload) == ("mdat", media)


@pytest.mark.parametrize("sample", [Sample(-1, 1, key=True), Sample(1, 1, key=True, late=1 << 31)])
def test_what_no_box_can_hold_is_damaged(sample: Sample) -> None:
    with pytest.raises(BoxDamaged):
        moof.head(0, [sample])


def test_nothing_is_decoded_before_the_beginning() -> None:
    with pytest.raises(BoxDamaged):
        moof.head(-1, [Sample(1, 1, key=True)])
