"""Subtitles of images as a Blu-ray has them: for tests."""

_CLOCK = 90_000  # ticks per second


def pgs(start: float, end: float) -> bytes:
    """A white bar in the middle of a small picture, as a Blu-ray has it."""
    width, height = 100, 20

    def segment(kind: int, at: float, data: bytes) -> bytes:
        head = b"PG" + int(at * _CLOCK).to_bytes(4, "big") + bytes(4)
        return head + bytes([kind]) + len(data).to_bytes(2, "big") + data

    def composition(number: int, objects: bytes) -> bytes:
        state, count = (0x80, 1) if objects else (0, 0)
        size = (320).to_bytes(2, "big") + (180).to_bytes(2, "big")
        return size + bytes([0x10, 0, number, state, 0, 0, count]) + objects

    place = (110).to_bytes(2, "big") + (80).to_bytes(2, "big")
    window = bytes([1, 0]) + place + width.to_bytes(2, "big") + height.to_bytes(2, "big")
    row = bytes([0, 0xC0, width, 1, 0, 0])  # so many of colour 1, and the end of the line
    pixels = width.to_bytes(2, "big") + height.to_bytes(2, "big") + row * height
    picture = bytes([0, 0, 0, 0xC0]) + len(pixels).to_bytes(3, "big") + pixels
    return b"".join(
        [
            segment(0x16, start, composition(0, bytes([0, 0, 0, 0]) + place)),
            segment(0x17, start, window),
            segment(0x14, start, bytes([0, 0, 1, 235, 128, 128, 255])),
            segment(0x15, start, picture),
            segment(0x80, start, b""),
            segment(0x16, end, composition(1, b"")),
            segment(0x17, end, window),
            segment(0x80, end, b""),
        ]
    )
