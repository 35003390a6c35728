"""Titles cut out of names: without years, asides, and the same title in another script."""

import re
from typing import NamedTuple

from revenge.library_scanner.names import tags, text, years

_HAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")
_BREAKS = re.compile(r"[\s·/\]\[]+")
_AFTER_HAN = re.compile(f"{_HAN.pattern}\\S*")
_ANIME_SEASON = re.compile(r"(?: - S0*| S0+)(\d)$")
_COMPLETE = re.compile(
    r"[ \-]+(?:the )?(?:complete|completa|integrale|saison)(?: (?:series|seasons?))?$",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"(?<=\w)(?: (?-i:DC|SE|OM)| complete (?:mini-?)?series| \[[\w-]*(?:subs?|audio)\]"
    r"| - \[\d{3,5}\]| vol\d{2,4})$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"(?<=\w) (?:german|french|spanish|italian|russian|japanese|korean|chinese|dutch|swedish"
    r"|norwegian|danish|finnish|polish|portuguese|turkish|hindi|english)(?!\w)",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"(?<=[a-z]) [A-Z]{2,4}$")  # of a streaming service, before `WEB-DL`
# a whole disc, or both pictures in one: nothing else can hold a film in 3D
_HOLDS_3D = re.compile(
    r"(?<![a-z0-9])(?:complete|remux|mvc|iso|bd(?:25|50)|(?:h|half)?-?(?:sbs|ou|tab))(?![a-z0-9])",
    re.IGNORECASE,
)
_WEB = re.compile(r" ?web", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)
COUNTRIES = "US|UK|AU|NZ|CA"
_COUNTRY = re.compile(rf"(?<=[a-z]) ({COUNTRIES})$")
_AFTER_A_COUNTRY = re.compile(rf"(?<= \((?:{COUNTRIES})\)) - .*$")
_LANGUAGE_APART = re.compile(r"^(?i:fr|vf|vo|en) - (?=\w)| - (?:FR|VF|VO|EN|DE|ES|IT)$")
_ASIDE = re.compile(r"(?<=\S) ?\((?!\d{4}\)|aka )[^()]{0,80}\)$")


class Titled(NamedTuple):
    title: str
    year: int | None = None
    country: str | None = None


def series(raw: str, *, has_aside: bool = False) -> Titled:
    """`Title 2014`, `Title (AU)`, `Title The Complete Series`."""
    title, year, _ = _without_year(raw)
    title = _AFTER_A_COUNTRY.sub("", _COMPLETE.sub("", one_script(title)))
    title = title if has_aside else text.title(_ASIDE.sub("", title))
    if year is None:
        title, year, _ = _without_year(title)
    return Titled(_ANIME_SEASON.sub(r" S\1", _without_initials(title)), year)


def without_country(titled: Titled) -> Titled:
    """`Show US`, as releases tell it from the one of another country."""
    found = _COUNTRY.search(titled.title)
    if found is None:
        return titled
    return titled._replace(title=titled.title[: found.start()], country=found[1])


def _without_initials(title: str) -> str:
    """`Some Long Name - SLN`."""
    whole, _, last = title.rpartition(" - ")
    initials = "".join(word[0] for word in whole.split())
    return whole if len(last) > 1 and last == initials.upper() else title


def film(raw: str, after: str) -> str:
    """An aside is the release's, unless a person wrote the name: `Run Lola Run (Lola rennt)`."""
    has_spaces = " " in raw.strip()
    whole = text.title(raw)
    title = _LANGUAGE_APART.sub("", whole)
    is_tagged = title != whole or tags.first(after) < len(after)
    title = _without_tags(title, after, is_by_a_person=has_spaces)
    return one_script(
        title if has_spaces and not is_tagged else text.title(_ASIDE.sub("", title)) or title
    )


def _without_tags(title: str, after: str, *, is_by_a_person: bool) -> str:
    """Without words of the release that stand before the year: `Film 3D 2010`, `Film German`."""
    last = max(0, title.rfind(" "))
    is_language = _LANGUAGE.fullmatch(title, last) is not None
    if is_language and not _ARTICLE.match(title) and not _LANGUAGE.search(after):
        title = title[:last]  # unlike `The Good German`
    if _WEB.match(after):
        title = _SERVICE.sub("", title)
    if not is_by_a_person and _HOLDS_3D.search(after):
        title = title.removesuffix(" 3D")  # else the film is called so
    return text.title(_TAGS.sub("", title))


def without_alternatives(title: str) -> str:
    """The first of more than two that hyphens set apart."""
    first, *others = title.split(" - ")
    return first if len(others) > 1 else title


def anime(raw: str) -> str:
    return _ANIME_SEASON.sub(r" S\1", one_script(text.title(raw)))


def ends(rest: str) -> bool:
    """Whether nothing follows, or only the language."""
    rest = rest.strip(" -()[]{}.,")
    return not rest or _LANGUAGE.fullmatch(f"a {rest}", 1) is not None


def is_readable(title: str) -> bool:
    return _LATIN.search(title) is not None


def one_script(title: str) -> str:
    """The part in Latin letters of a title that is given in Han and in Latin."""
    if not _HAN.search(title) or not is_readable(title):
        return title
    last = title.rsplit("/", maxsplit=1)[-1].strip()
    if is_readable(last) and not _HAN.search(last):
        return last
    words = _BREAKS.split(title)
    while words and _HAN.search(words[0]):
        words.pop(0)
    while words and _HAN.search(words[-1]):
        words.pop()
    latin = text.title(" ".join(words))
    last = text.title(_AFTER_HAN.split(latin)[-1])
    return next((found for found in (last, latin) if is_readable(found)), title)


def _without_year(raw: str) -> Titled:
    year = years.at_end(text.plain(raw))
    if year is None:
        return Titled(text.title(raw))
    return Titled(text.title(raw[: year.start]), year.number)
