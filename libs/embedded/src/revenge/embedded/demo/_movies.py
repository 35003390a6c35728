"""The films of the demo library. None of them exists."""

from revenge.embedded.demo._titles import Movie, Role, Sidecar, Version
from revenge.embedded.media import Audio, Chapter, Cue, Recipe, Subtitles


def subtitles(language: str, *lines: str, title: str = "") -> Subtitles:
    cues = tuple(Cue(1 + 4 * n, 4.5 + 4 * n, line) for n, line in enumerate(lines))
    return Subtitles(language=language, cues=cues, title=title)


LIGHTHOUSE = Movie(
    title="The Lighthouse Keeper's Clock",
    year=2019,
    plot="Every night at eleven the clock of the lighthouse stops for a minute. Its new keeper "
    "finds out who uses that minute, and what for.",
    tagline="One minute a night belongs to nobody.",
    genres=("Mystery", "Drama"),
    rating=7.8,
    votes=1843,
    ids=(("demo", "dm-0001"),),
    director="Marit Solberg-Quist",
    roles=(Role("Ines Hallowell", "Ada"), Role("Tobias Renn", "The Watchmaker")),
    versions=(
        Version(
            "",
            Recipe(
                seconds=18,
                width=1280,
                height=720,
                title="The Lighthouse Keeper's Clock",
                colours=("0x0b1d33", "0x1f5673", "0xf2c14e"),
                audio=(
                    Audio(language="eng", title="English", pitch=196),
                    Audio(language="ger", title="Deutsch", pitch=262),
                ),
                subtitles=(
                    subtitles("eng", "It stopped again.", "It always does.", "Then listen."),
                    subtitles("ger", "Sie steht wieder.", "Wie immer.", "Dann horch."),
                ),
                chapters=(
                    Chapter(0, "The Stairs"),
                    Chapter(6, "Eleven o'Clock"),
                    Chapter(12, "The Minute"),
                ),
            ),
        ),
    ),
    sidecars=(
        Sidecar(".en.forced.srt", ("[sign] No entry after dark",)),
        Sidecar(".en.sdh.srt", ("[waves]", "[a clock stops] It stopped again.", "[silence]")),
        Sidecar(".fr.srt", ("Elle s'est arrêtée.", "Comme toujours.", "Alors écoute.")),
    ),
)

COPPER_RAIN = Movie(
    title="Copper Rain",
    year=2021,
    plot="A town that sells its weather by the hour hires a meteorologist who cannot lie.",
    tagline="Forecast: expensive.",
    genres=("Comedy", "Science Fiction"),
    rating=6.9,
    votes=927,
    ids=(("demo", "dm-0002"),),
    director="Oyelaran Pike",
    roles=(Role("Bea Lindqvist", "Dr. Mercer"), Role("Samir Okafor", "The Mayor")),
    versions=tuple(
        Version(
            label,
            Recipe(
                seconds=14,
                width=width,
                height=height,
                title="Copper Rain",
                pattern="linear",
                colours=("0x2b1410", "0xb5562f", "0xf3d9b1", "0x51737a"),
                audio=(Audio(pitch=147),),
            ),
        )
        for label, width, height in (("1080p", 1920, 1080), ("720p", 1280, 720))
    ),
)

NORTHBOUND_ORCHARD = Movie(
    title="Northbound Orchard",
    year=2016,
    plot="Three sisters move an orchard, tree by tree, to where the winters are still cold.",
    genres=("Drama", "Family"),
    rating=8.2,
    votes=3120,
    ids=(("demo", "dm-0003"),),
    director="Halla Winterbourne",
    roles=(Role("Noor Castellan", "Wilma"), Role("Greta Amsel", "Ottilie")),
    versions=(
        Version(
            "",
            Recipe(
                seconds=12,
                width=640,
                height=360,
                codec="hevc",
                title="Northbound Orchard",
                pattern="radial",
                colours=("0x1d2f1b", "0x6a994e", "0xf2e8cf", "0xbc4749"),
                audio=(Audio(pitch=174),),
            ),
        ),
    ),
)

SALT_AND_SATELLITES = Movie(
    title="Salt and Satellites",
    year=2023,
    plot="A fisherman's net brings up a satellite that is not on any list, and still calling.",
    genres=("Science Fiction", "Thriller"),
    rating=7.1,
    votes=1411,
    ids=(("demo", "dm-0004"),),
    director="Kwame Brightwater",
    roles=(Role("Joana Freire", "Rita"), Role("Emil Sandoval", "Control")),
    versions=(
        Version(
            "",
            Recipe(
                seconds=12,
                width=640,
                height=360,
                codec="vp9",
                title="Salt and Satellites",
                pattern="circular",
                colours=("0x03045e", "0x0077b6", "0xcaf0f8", "0x14213d"),
                audio=(Audio(codec="opus", language="por", title="Português", pitch=130),),
                subtitles=(subtitles("eng", "It is still calling.", "Whom?"),),
            ),
        ),
    ),
)

QUIET_PARADE = Movie(
    title="A Quiet Parade",
    year=2008,
    plot="The marching band of a silent order prepares for the one day on which it may be heard.",
    genres=("Music", "Comedy"),
    rating=7.4,
    votes=688,
    ids=(("demo", "dm-0005"),),
    director="Lucien Abara",
    roles=(Role("Theo Vandermeer", "Brother Bassoon"),),
    versions=(
        Version(
            "",
            Recipe(
                seconds=12,
                width=640,
                height=360,
                title="A Quiet Parade",
                pattern="square",
                colours=("0x3d0c11", "0xd80032", "0xf78ca2", "0xf9dec9"),
                audio=(Audio(codec="ac3", channels=6, title="Surround 5.1", pitch=220),),
            ),
        ),
    ),
)

PAPER_COMET = Movie(
    title="Paper Comet",
    year=2024,
    plot="Two pen friends discover that their letters arrive before they are written.",
    genres=("Romance", "Fantasy"),
    rating=7.9,
    votes=2204,
    ids=(("demo", "dm-0006"),),
    director="Anouk Delacroix-Rey",
    roles=(Role("Mina Ferrante", "Cleo"), Role("Jonas Eklund", "Arvid")),
    versions=(
        Version(
            "",
            Recipe(
                seconds=14,
                width=1280,
                height=720,
                title="Paper Comet",
                colours=("0x240046", "0x7b2cbf", "0xff9e00"),
                audio=(Audio(pitch=247),),
                subtitles=(subtitles("eng", "You will write to me.", "I already have."),),
            ),
            container="mp4",
        ),
    ),
)

ZWOELF_BRUECKEN = Movie(
    title="Zwölf Brücken",
    year=1998,
    plot="Ein Briefträger zählt jeden Tag zwölf Brücken, bis es an einem Morgen dreizehn sind.",
    genres=("Drama", "Mystery"),
    rating=6.5,
    votes=312,
    ids=(("demo", "dm-0007"),),
    director="Käthe Übelacker",
    roles=(Role("Jürgen Façonnet", "Emil"),),
    versions=(
        Version(
            "",
            Recipe(
                seconds=12,
                width=640,
                height=480,
                title="Zwölf Brücken",
                pattern="linear",
                colours=("0x22223b", "0x9a8c98", "0xf2e9e4"),
                audio=(Audio(language="ger", codec="flac", pitch=165),),
            ),
        ),
    ),
)

HARBOUR_LIGHTS = Movie(
    title="Harbour Lights",
    year=2012,
    plot="",
    genres=(),
    rating=0,
    votes=0,
    versions=(
        Version(
            "",
            Recipe(
                seconds=10,
                width=640,
                height=360,
                title="Harbour Lights",
                pattern="radial",
                colours=("0x001219", "0x0a9396", "0xee9b00"),
                audio=(Audio(codec="mp3", pitch=185),),
            ),
        ),
    ),
    is_bare=True,
)

MOVIES = (
    LIGHTHOUSE,
    COPPER_RAIN,
    NORTHBOUND_ORCHARD,
    SALT_AND_SATELLITES,
    QUIET_PARADE,
    PAPER_COMET,
    ZWOELF_BRUECKEN,
    HARBOUR_LIGHTS,
)
