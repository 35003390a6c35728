"""Paths as text that JSON and a database can hold, and back, whatever bytes they are made of.

The operating system's paths are bytes; Python shows those that are not UTF-8 as lone surrogates,
which no JSON string may hold. Here such a byte is written as U+FFFD and two hexadecimal digits:
`caf\\ufffdE9.mkv`. A real U+FFFD in a name is written the same way, byte by byte, so that every
path has exactly one text and every text leads back to its path.
"""

import re

_STRANGE = re.compile("[\ufffd\ud800-\udfff]+")
_ESCAPED = re.compile(b"\xef\xbf\xbd([0-9A-F]{2})")


def to_text(path: str) -> str:
    if path.isascii():
        return path
    return _STRANGE.sub(_escape, path)


def to_os(text: str) -> str:
    """The path as `os` functions take it: undecodable bytes as surrogates (PEP 383)."""
    if "\ufffd" not in text:
        return text
    raw = _ESCAPED.sub(_unescape, text.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")


def _escape(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "surrogateescape")
    return "".join(f"\ufffd{byte:02X}" for byte in raw)


def _unescape(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode("ascii"))
