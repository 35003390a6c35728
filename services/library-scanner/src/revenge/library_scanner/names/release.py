"""What a release's name says of the release itself: quality, languages, group, version."""

import re
from typing import NamedTuple

from revenge.library_scanner.names import text
from revenge.library_scanner.names.languages import language

_RESOLUTION = re.compile(
    r"(?<!\d)(\d{3,4})([pi])(?:\d\d)?(?![a-z])|(?<![a-z0-9])(4k|uhd|8k)\b|"
    r"(?<!\d)\d{3,4}[x*](\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_NAMED = {"4k": "2160p", "uhd": "2160p", "8k": "4320p"}
_SMALL = {"540p", "480p", "360p"}
_HEIGHTS = (4320, 2160, 1440, 1080, 720, 576, 540, 480, 360)
_SOURCES = tuple(
    (name, re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])", re.IGNORECASE))
    for name, pattern in (
        ("Remux", r"(?:bd|hybrid-)?remux\w*"),
        (
            "Bluray",
            r"(?:m|uhd)?blu-?ray\w*|(?:uhd)?b[dr]-?rip|bd(?:\d{2,4}p?|light)?|bdmux|hd[ -]?dvd",
        ),
        ("WEBRip", r"web-?rip\w*|web rip|web-?mux|web-?cap"),
        (
            "WEBDL",
            r"web-?dl\w*|web dl|webhd|(?:amazon|netflix|itunes|maxdome|hbomax|disney)u?[hs]d|web",
        ),
        ("HDTV", r"hd-?tv\w*|hd tv|[ps]dtv|dsr(?:ip)?|(?:tv|sat|dvb)-?rip|dvb|ldtv"),
        ("DVD", r"\d?x?dvd\w*|dvd rip|xvidvd|r5"),
        ("TELESYNC", r"tele-?sync\w*|hd-?ts|tsrip"),
        ("TELECINE", r"telecine|hd-?tc"),
        ("CAM", r"(?:hd|new)?-?cam(?:-?rip)?"),
        ("VHS", r"vhs(?:rip)?"),
    )
)
_VERSION = re.compile(
    r"(?<![a-z])v([2-9])(?![a-z0-9])|(?<![a-z0-9])(?:proper|repack|rerip)([2-9])?\b", re.IGNORECASE
)
_GROUP_AFTER = re.compile(r"-\[?([^\W_](?:[\w@]|-(?=\w{1,4}$)){1,24})\]?\)?$")
_GROUP_LAST = re.compile(
    r"\[([^\[\]\s]{2,24})\]\)?$|(?:(?<=\s)|(?<=bit\.))([^\W\d]\w{1,24})\)$"
    r"|(?<=26[45]) - (\w{2,24})$"
)
# `Title 2010 [Group] [Blu-ray][1080p]`
_GROUP_BEFORE_A_SOURCE = re.compile(r"\[([^\W\d]\w{1,24})\] \[(?:blu-ray|dvd|web)\]", re.IGNORECASE)
_GROUP_FIRST = re.compile(r"^\[([^\[\]]{2,40})\]")
_ASIDE = re.compile(r" \([^()]{1,80}\)$")
_NO_GROUP = re.compile(
    r"dl|rip|hd|ma|x|es|\d+bit|[0-9a-f]{8}|\d{3,4}p|v\d|x?26[45]|aac|flac|subs?|audio|web|bd|mkv"
    r"|mp4|720p|1080p|2160p",
    re.IGNORECASE,
)
# what those who pass a release on add to its name
_LEFTOVER = re.compile(
    r"[-_. ](?:xpost|postbot|obfuscated|asrequested|scrambled|nzbgeek|rakuv\w*|chamele0n|4p"
    r"|4planet|buymore|whiterev|gerov|z0ids3n|english|1)$"
    r"|\s*\[(?:rarbg|ettv|eztv\w*|rartv|rarbg.com)\]",
    re.IGNORECASE,
)
_LAYOUT = re.compile(
    r"(?<![a-z0-9])(?:(?:3d[ .-]?)?h(?:alf)?[ .-]?(sbs|ou|tab)|3d[ .-](sbs|ou|tab)|(sbs))"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)
_THREE_D = re.compile(r"(?<![a-z0-9])3d(?![a-z0-9])", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,12}")
_MAX_LEFTOVERS = 3
# words of releases that are codes of languages too
_NO_LANGUAGES = {"web", "dts", "vof", "avc", "amr", "cat", "als", "aka", "din", "mad", "hun", "per"}


class Release(NamedTuple):
    """`quality` as the Arr apps write it: `Bluray-1080p`, `SDTV`. `languages` are ISO 639-2/T."""

    quality: str | None = None
    source: str | None = None
    resolution: str | None = None
    languages: tuple[str, ...] = ()
    group: str | None = None
    version: int = 1
    three_d: str | None = None


def read(name: str, tags: str) -> Release:
    """From a whole name and from the part of it that begins with the release's words."""
    plain = text.plain(tags)
    source = next((found for found, pattern in _SOURCES if pattern.search(plain)), None)
    resolution = _resolution(plain)
    version = _VERSION.search(text.plain(name))
    return Release(
        quality=_quality(source, resolution),
        source=source,
        resolution=resolution,
        languages=_languages(plain),
        group=_group(name),
        version=int(version[1] or version[2] or 2) if version else 1,
        three_d=_three_d(plain),
    )


def _resolution(plain: str) -> str | None:
    found = _RESOLUTION.search(plain)
    if found is None:
        return None
    if found[3]:
        return _NAMED[found[3].lower()]
    height = int(found[1] or found[4])
    scan = (found[2] or "p").lower()
    return f"{height}{scan}" if height in _HEIGHTS else None


def _quality(source: str | None, resolution: str | None) -> str | None:
    if source == "HDTV" and (resolution is None or resolution in _SMALL):
        return "SDTV"
    if source in ("DVD", "CAM", "TELESYNC", "TELECINE", "VHS"):
        return source
    said = (source, resolution.replace("i", "p") if resolution else None)
    return "-".join(filter(None, said)) or None


def _languages(plain: str) -> tuple[str, ...]:
    """Names and three-letter codes; two letters are words of other languages too often."""
    words = (word.lower() for word in _WORD.findall(plain))
    found = (language(word) for word in words if word not in _NO_LANGUAGES)
    return tuple(dict.fromkeys(code for code in found if code))


def _group(name: str) -> str | None:
    for _ in range(_MAX_LEFTOVERS):
        name = _LEFTOVER.sub("", name.strip(" -"))
    after = _GROUP_AFTER.search(_ASIDE.sub("", name))
    if after and not _NO_GROUP.fullmatch(after[1]):
        return after[1]
    first = _GROUP_FIRST.search(name)
    if first and "www" not in first[1] and not _NO_GROUP.fullmatch(first[1]):
        return first[1]
    last = _GROUP_BEFORE_A_SOURCE.search(name) or _GROUP_LAST.search(name)
    said = last[last.lastindex or 0] if last else None
    return said if said and not _NO_GROUP.fullmatch(said) and not said.isdecimal() else None


def _three_d(plain: str) -> str | None:
    found = _LAYOUT.search(plain)
    if found is None:
        return "3d" if _THREE_D.search(plain) else None
    layout = (found[1] or found[2] or found[3]).lower()
    return "ou" if layout == "tab" else layout
