"""NFO files as Kodi writes and reads them (kodi.wiki/view/NFO_files)."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET  # it writes only; reading would want a safe parser

from revenge.embedded.demo._titles import Episode, Movie, Role, Show

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def movie(described: Movie) -> bytes:
    root = ET.Element("movie")
    _add(root, "title", described.title)
    _add(root, "year", str(described.year))
    _add(root, "tagline", described.tagline)
    _add(root, "plot", described.plot)
    _add_rating(root, described.rating, described.votes)
    for number, (provider, identifier) in enumerate(described.ids):
        default = "false" if number else "true"
        _add(root, "uniqueid", identifier).attrib.update(type=provider, default=default)
    for genre in described.genres:
        _add(root, "genre", genre)
    _add(root, "director", described.director)
    _add_roles(root, described.roles)
    return DECLARATION + _text(root)


def show(described: Show) -> bytes:
    root = ET.Element("tvshow")
    _add(root, "title", described.title)
    _add(root, "year", str(described.year))
    _add(root, "plot", described.plot)
    _add_rating(root, described.rating, described.votes)
    for genre in described.genres:
        _add(root, "genre", genre)
    _add_roles(root, described.roles)
    return DECLARATION + _text(root)


def episodes(described: Iterable[Episode]) -> bytes:
    """One root after the other where a file holds several: that is Kodi's format, not XML's."""
    return DECLARATION + b"".join(_text(_episode(episode)) for episode in described)


def _episode(described: Episode) -> ET.Element:
    root = ET.Element("episodedetails")
    _add(root, "title", described.title)
    _add(root, "season", str(described.season))
    _add(root, "episode", str(described.number))
    _add(root, "aired", described.aired)
    _add(root, "plot", described.plot)
    return root


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _add_rating(root: ET.Element, value: float, votes: int) -> None:
    ratings = ET.SubElement(root, "ratings")
    rating = ET.SubElement(ratings, "rating", name="demo", max="10", default="true")
    _add(rating, "value", f"{value:.1f}")
    _add(rating, "votes", str(votes))


def _add_roles(root: ET.Element, roles: tuple[Role, ...]) -> None:
    for order, role in enumerate(roles):
        actor = ET.SubElement(root, "actor")
        _add(actor, "name", role.actor)
        _add(actor, "role", role.character)
        _add(actor, "order", str(order))


def _text(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="unicode").encode() + b"\n"
