"""NFO files as Kodi and the Arr apps write them: XML, links, or one after the other.

https://kodi.wiki/view/NFO_files. Several titles may follow each other in one file, a link may
follow the XML or stand alone, and much of what is found is not quite XML: whatever can be read is
kept, and nothing outside the file is ever looked at.
"""

import codecs
import os
import re
import stat
from collections.abc import Iterator

from lxml import etree
from msgspec import structs

from revenge.contracts.library import Nfo
from revenge.library_scanner.nfo import ids
from revenge.library_scanner.nfo.elements import ROOTS, is_title, title
from revenge.library_scanner.nfo.references import mended

MAX_BYTES = 1024 * 1024
_MAX_TITLES = 100

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.-]{1,20})["']""")
_PROLOGUE = re.compile(r"<\?xml|<!DOCTYPE", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NfoUnreadable(Exception):
    """Nothing can be learned from this file; says why."""


def read_nfo(path: str) -> tuple[Nfo, ...]:
    """What the file says, one value for each title in it; raises NfoUnreadable."""
    try:
        raw = _read(path)
    except OSError as error:
        raise NfoUnreadable((error.strerror or "it cannot be read").lower()) from error
    return parse_nfo(raw)


def parse_nfo(raw: bytes) -> tuple[Nfo, ...]:
    text = _CONTROL.sub("", _decode(raw))
    titles = tuple(_titles(text))
    linked = ids.linked(text if not titles else text.rpartition(">")[2])
    if titles:
        first = titles[0]
        return (structs.replace(first, ids=linked | first.ids), *titles[1:])
    if not linked:
        raise NfoUnreadable("it is no NFO of a film or an episode, and names none")
    return (Nfo(ids=linked),)


def _read(path: str) -> bytes:
    with open(path, "rb", opener=_open) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise NfoUnreadable("it is not a file")
        if found.st_size > MAX_BYTES:
            raise NfoUnreadable("it is larger than 1 MiB")
        return file.read(MAX_BYTES)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would wait for its writer


def _decode(raw: bytes) -> str:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw.decode(encoding, "replace")
    for start, encoding in _WIDE:
        if raw.startswith(start):
            return raw.decode(encoding, "replace")
    if b"\0" in raw:
        raise NfoUnreadable("it is binary")
    declared = _DECLARED.search(raw[:300])
    said = declared[1].decode("ascii") if declared else "utf-8"
    # whose declaration can be read byte by byte is not of wide letters, whatever it says
    for encoding in ("utf-8" if said.lower().startswith(("utf-16", "utf-32")) else said, "utf-8"):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue  # many say one encoding and write another
    return raw.decode("cp1252", "replace")


def _titles(text: str) -> Iterator[Nfo]:
    """Wrapped in one root, so that titles may follow each other and links may stand between."""
    start = text.find("<")
    if start < 0:
        return
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    wrapped = f"<nfo>{mended(''.join(_without_prologues(text[start:])))}</nfo>"
    try:
        root = etree.fromstring(wrapped.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise NfoUnreadable("it is not XML") from error
    if root is None:
        return
    found = (element for element in root.iter(*ROOTS) if is_title(element))
    for _, element in zip(range(_MAX_TITLES), found, strict=False):
        yield title(element)


def _without_prologues(text: str) -> Iterator[str]:
    """Found step by step, each letter once: an expression for all of it takes hours of some."""
    at = 0
    while (opening := _PROLOGUE.search(text, at)) and (end := _end(text, opening)):
        yield text[at : opening.start()]
        at = end
    yield text[at:]


def _end(text: str, opening: re.Match[str]) -> int | None:
    """None where it has no end; then what comes after has none either."""
    end = text.find(">", opening.end())
    if "[" in text[opening.end() : end]:
        subset = _SUBSET_END.search(text, opening.end())
        return subset.end() if subset else None
    return end + 1 or None
