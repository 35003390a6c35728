"""References to characters, `&amp;` or `&#233;`: of those that are written, only few are XML."""

import re
from html.entities import html5
from xml.sax.saxutils import escape

_REFERENCE = re.compile(
    r"&(?:#(?:x0*(?P<hex>[0-9a-f]{1,8})|0*(?P<decimal>[0-9]{1,9}));|(?P<name>[a-z][a-z0-9]{1,30});)?",
    re.IGNORECASE,
)
_OF_XML = {"amp", "apos", "gt", "lt", "quot"}
_SECTION, _SECTION_END = "<![CDATA[", "]]>"


def mended(text: str) -> str:
    """A lone `&`, names of HTML, numbers of no character, and a character by its UTF-16 halves.

    libxml2 takes such a half for a character, and nobody can read it again.
    """
    if "&" not in text:
        return text
    first, *sections = text.split(_SECTION)
    whole = _REFERENCE.sub(_mend, first) + "".join(map(_section, sections))
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _section(text: str) -> str:
    """What stands in it is no reference."""
    inside, end, rest = text.partition(_SECTION_END)
    return f"{_SECTION}{inside}{end}{_REFERENCE.sub(_mend, rest)}"


def _mend(found: re.Match[str]) -> str:
    if name := found["name"]:
        known = None if name in _OF_XML else html5.get(f"{name};")
        return escape(known) if known else found[0]
    if written := found["hex"] or found["decimal"]:
        return _numbered(int(written, 16 if found["hex"] else 10), found[0])
    return "&amp;"


def _numbered(code: int, reference: str) -> str:
    if 0xD800 <= code < 0xE000:  # noqa: PLR2004 a half: the other may follow
        return chr(code)
    is_character = code in (0x9, 0xA, 0xD) or 0x20 <= code < 0xFFFE or 0xFFFF < code < 0x110000  # noqa: PLR2004 https://www.w3.org/TR/xml/#charsets
    return reference if is_character else ""
