"""Posters and backdrops, drawn with Pillow: a sky of the title's colours, a moon, hills."""

import io
import math
import random
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from revenge.embedded.media import font, writable

POSTER = (600, 900)
FANART = (1280, 720)
QUALITY = 86
HILLS = 4


class Colour(NamedTuple):
    red: int
    green: int
    blue: int

    @classmethod
    def of(cls, written: str) -> "Colour":
        """`0xRRGGBB`, as ffmpeg writes it."""
        value = int(written, 16)
        return cls(value >> 16 & 255, value >> 8 & 255, value & 255)

    def mixed(self, other: "Colour", share: float) -> "Colour":
        parts = zip(self, other, strict=True)
        return Colour(*(round(a + (b - a) * share) for a, b in parts))


def poster(title: str, line: str, written: Sequence[str]) -> bytes:
    picture = _landscape(title, POSTER, written)
    _write(picture, title, top=0.08, share=0.11)
    _write(picture, line, top=0.93, share=0.035)
    return _jpeg(picture)


def fanart(title: str, written: Sequence[str]) -> bytes:
    """Without words: a client writes the title over it."""
    return _jpeg(_landscape(title, FANART, written))


def _landscape(title: str, size: tuple[int, int], written: Sequence[str]) -> Image.Image:
    """The same for the same title, on every machine."""
    chance = random.Random(title)
    colours = sorted((Colour.of(text) for text in written), key=sum)
    picture = _sky(size, colours)
    _draw_stars(picture, chance)
    _draw_moon(picture, chance, colours[-1])
    for number in range(HILLS):
        nearness = (number + 1) / HILLS
        _draw_hill(picture, chance, colours[1].mixed(colours[0], nearness), 0.55 + 0.3 * nearness)
    return picture


def _sky(size: tuple[int, int], colours: Sequence[Colour]) -> Image.Image:
    """One column, from dark at the top to bright at the horizon, stretched to the width."""
    column = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        column.putpixel((0, row), tuple(colour))
    return column.resize(size, Image.Resampling.BICUBIC)


def _draw_stars(picture: Image.Image, chance: random.Random) -> None:
    draw = ImageDraw.Draw(picture)
    for _ in range(90):
        x, y = chance.random() * picture.width, chance.random() ** 2 * picture.height * 0.5
        radius = chance.choice((0.6, 0.9, 1.6))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 255, 255))


def _draw_moon(picture: Image.Image, chance: random.Random, colour: Colour) -> None:
    """A disc with a glow; both come from one mask, blurred and sharp."""
    x, y = picture.width * chance.uniform(0.25, 0.75), picture.height * chance.uniform(0.33, 0.45)
    radius = min(picture.size) * 0.13
    disc = Image.new("L", picture.size)
    ImageDraw.Draw(disc).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    glow = disc.filter(ImageFilter.GaussianBlur(radius * 0.6))
    pale = tuple(colour.mixed(Colour(255, 255, 255), 0.5))
    picture.paste(pale, mask=glow.point([value // 2 for value in range(256)]))
    picture.paste(pale, mask=disc)


def _draw_hill(picture: Image.Image, chance: random.Random, colour: Colour, top: float) -> None:
    waves = [(chance.uniform(1, 5), chance.uniform(0, math.tau), chance.random()) for _ in range(3)]
    outline = [(0, picture.height)]
    for x in range(0, picture.width + 8, 8):
        rise = sum(h * math.sin(f * math.pi * x / picture.width + p) for f, p, h in waves)
        outline.append((x, round(picture.height * (top + 0.035 * rise))))
    outline.append((picture.width + 8, picture.height))
    ImageDraw.Draw(picture).polygon(outline, fill=tuple(colour))


def _write(picture: Image.Image, text: str, *, top: float, share: float) -> None:
    """Centred, in as many lines as it needs; `top` and `share` of the height and the width."""
    letters = font(size=picture.width * share)
    draw = ImageDraw.Draw(picture)
    lines = "\n".join(_broken(draw, writable(text), letters, picture.width * 0.88))
    place = (picture.width / 2, picture.height * top)
    draw.multiline_text(
        place, lines, font=letters, anchor="ma", align="center", fill=(255, 255, 255), spacing=10
    )


def _broken(
    draw: ImageDraw.ImageDraw,
    text: str,
    letters: ImageFont.FreeTypeFont,
    width: float,
) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=letters) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
