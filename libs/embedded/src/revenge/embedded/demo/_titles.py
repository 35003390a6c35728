"""What a title of the demo library consists of: what is written about it, drawn and rendered."""

import msgspec

from revenge.embedded.media import Recipe


class Role(msgspec.Struct, frozen=True):
    actor: str
    character: str


class Sidecar(msgspec.Struct, frozen=True):
    """A subtitle file beside the video, `Title (Year)<suffix>`."""

    suffix: str
    lines: tuple[str, ...]


class Version(msgspec.Struct, frozen=True):
    label: str
    """Empty for the only one; else written behind the name: ` - 1080p`."""
    recipe: Recipe
    container: str = "mkv"


class Movie(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    year: int
    plot: str
    genres: tuple[str, ...]
    rating: float
    votes: int
    ids: tuple[tuple[str, str], ...] = ()
    """Invented, like everything here: `demo` is no provider that anyone asks."""
    tagline: str = ""
    roles: tuple[Role, ...] = ()
    director: str = ""
    versions: tuple[Version, ...]
    sidecars: tuple[Sidecar, ...] = ()
    is_bare: bool = False
    """Only a file with a name: neither NFO nor art."""

    @property
    def name(self) -> str:
        return f"{self.title} ({self.year})"


class Episode(msgspec.Struct, frozen=True):
    season: int
    number: int
    title: str
    aired: str
    plot: str


class EpisodeFile(msgspec.Struct, frozen=True):
    episodes: tuple[Episode, ...]
    recipe: Recipe


class Show(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    year: int
    plot: str
    genres: tuple[str, ...]
    rating: float
    votes: int
    roles: tuple[Role, ...]
    colours: tuple[str, ...]
    files: tuple[EpisodeFile, ...]

    @property
    def name(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def seasons(self) -> tuple[int, ...]:
        return tuple(sorted({file.episodes[0].season for file in self.files}))
