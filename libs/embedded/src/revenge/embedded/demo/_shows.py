"""The show of the demo library: two seasons of three, the last two episodes in one file."""

from revenge.embedded.demo._titles import Episode, EpisodeFile, Role, Show
from revenge.embedded.media import Audio, Recipe

COLOURS = ("0x132a13", "0x31572c", "0x90a955", "0xecf39e")


def _file(*episodes: Episode, seconds: float = 10, pitch: int) -> EpisodeFile:
    titles = " / ".join(episode.title for episode in episodes)
    recipe = Recipe(
        seconds=seconds,
        width=640,
        height=360,
        title=titles,
        pattern="linear",
        colours=COLOURS,
        audio=(Audio(pitch=pitch),),
    )
    return EpisodeFile(episodes, recipe)


TIDEWATER_STATION = Show(
    title="Tidewater Station",
    year=2020,
    plot="A railway station that can be reached only at low tide, and those who missed the last "
    "train.",
    genres=("Drama", "Fantasy"),
    rating=8.4,
    votes=5210,
    roles=(Role("Wren Abernathy", "The Stationmaster"), Role("Idris Calloway", "Passenger 9")),
    colours=COLOURS,
    files=(
        _file(
            Episode(1, 1, "Low Water", "2020-03-06", "The last train leaves without anyone."),
            pitch=131,
        ),
        _file(
            Episode(1, 2, "Lost Property", "2020-03-13", "Someone asks for a lost afternoon."),
            pitch=147,
        ),
        _file(
            Episode(1, 3, "The Slow Timetable", "2020-03-20", "A train is two years late."),
            pitch=165,
        ),
        _file(
            Episode(2, 1, "High Water", "2021-04-02", "The platform floats."),
            pitch=175,
        ),
        _file(
            Episode(2, 2, "The Signal Box, Part 1", "2021-04-09", "The signals answer."),
            Episode(2, 3, "The Signal Box, Part 2", "2021-04-09", "And so does the sea."),
            seconds=16,
            pitch=196,
        ),
    ),
)

SHOWS = (TIDEWATER_STATION,)
