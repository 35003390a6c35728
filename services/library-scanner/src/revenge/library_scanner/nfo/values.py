"""Values of an element's children, bounded, whatever is in them."""

import math
import re
from datetime import date
from typing import TypeAlias

from lxml import etree

MAX_LIST = 200
MAX_PLOT = 20_000
_MAX_TEXT = 500
_NUMBER = re.compile(r"\d{1,9}")

# lxml has no public name for it
Element: TypeAlias = etree._Element  # noqa: SLF001 as said # pyright: ignore[reportPrivateUsage]


def text(element: Element, path: str, limit: int = _MAX_TEXT) -> str | None:
    found = element.find(path)
    return said(found, limit) if found is not None else None


def said(element: Element, limit: int = _MAX_TEXT) -> str | None:
    return (element.text or "").strip()[:limit] or None


def every(element: Element, tag: str) -> list[str]:
    found = (said(child) for child in element.findall(tag)[:MAX_LIST])
    return [one for one in found if one]


def listed(element: Element, tag: str) -> tuple[str, ...]:
    """Each once; older files put several into one element, `Action / Drama`."""
    parts = (part.strip() for one in every(element, tag) for part in one.split(" / "))
    return tuple(dict.fromkeys(part for part in parts if part))


def number(written: str | None) -> int | None:
    found = _NUMBER.match(written or "")
    return int(found[0]) if found else None


def day(element: Element, tag: str) -> str | None:
    try:
        return date.fromisoformat((text(element, tag) or "")[:10]).isoformat()
    except ValueError:
        return None


def decimal(written: str | None) -> float | None:
    try:
        value = float((written or "").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
