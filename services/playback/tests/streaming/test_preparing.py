"""What a player fetches first is there when it asks."""

from __future__ import annotations

from revenge.contracts import playback
from revenge.kit import Bus, acting_as
from revenge.kit.testing import eventually
from revenge.playback.testing.staging import House


def made(house: House) -> set[str]:
    """Names of what has been made of the film."""
    root = house.shelf.path.parent / "segments"
    return {path.name for path in root.rglob("*.m*") if path.suffix in {".mp4", ".m4s"}}


async def test_the_beginning_is_made_before_it_is_asked_for(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.asking(start_position=1))

    async def is_made() -> bool:
        return {"init.mp4", "0.m4s"} <= made(house)

    assert session.method == "copy"
    await eventually(is_made)


async def test_a_viewer_who_goes_on_finds_the_place_prepared(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        await bus.call(playback.start_playback, house.asking(start_position=19))

    async def is_made() -> bool:
        return any(name.endswith(".m4s") for name in made(house))

    await eventually(is_made)
    assert "0.m4s" not in made(house)


async def test_pictures_are_encoded_only_for_who_fetches_them(bus: Bus, house: House) -> None:
    small = playback.ClientProfile(max_height=90)
    with acting_as(house.viewer()):
        session = await bus.call(
            playback.start_playback, house.asking(client_profile=small, start_position=1)
        )

    async def is_made() -> bool:
        return "0.m4s" in made(house)

    assert session.method == "transcode"
    await eventually(is_made)  # the sound
    assert len(list((house.shelf.path.parent / "segments").rglob("0.m4s"))) == 1
