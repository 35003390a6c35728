"""Text subtitles as ASS, with the fonts that the file brings along. Runs in worker processes."""

from __future__ import annotations

import base64

from revenge.playback.media import dialogue, reading
from revenge.playback.pool import work

_LARGEST = 32 << 20  # bytes of fonts in one script
_FONTS = (".ttf", ".otf", ".ttc", ".otc")
_LINE = 80  # characters

# ASS writes six bits as one character from "!" on; otherwise it is base64 without its padding
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_ASS = bytes.maketrans(_BASE64, bytes(range(33, 97)))


def script(order: work.WriteScript) -> bytes:
    file = dialogue.read(order)
    file.shift(ms=-round(order.zero * 1000))
    if order.index is not None:
        file.fonts_opaque.update(_fonts(order.path))
    return file.to_string("ass").encode()


def _fonts(path: str) -> dict[str, list[str]]:
    with reading.opened(path) as source:
        found = {
            stream.name: stream.data
            for stream in source.streams.attachments
            if stream.name and stream.data and stream.name.lower().endswith(_FONTS)
        }
    if sum(len(font) for font in found.values()) > _LARGEST:
        return {}
    return {name: _written(font) for name, font in found.items()}


def _written(font: bytes) -> list[str]:
    text = base64.b64encode(font).rstrip(b"=").translate(_TO_ASS).decode()
    return [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
