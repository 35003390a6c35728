"""HLS playlists (RFC 8216): complete from the first moment, because all cuts are known."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from langcodes import standardize_tag
from langcodes.tag_parser import LanguageTagError

from revenge.contracts.media import HdrKind
from revenge.playback.deciding.ladder import Size

CONTENT_TYPE = "application/vnd.apple.mpegurl"

_VERSION = 7  # 6 for EXT-X-MAP in a playlist with more than I-frames; 7 for fMP4 by Apple's rules
_AUDIO, _SUBTITLES = "audio", "subs"


class AudioRendition(NamedTuple):
    uri: str
    name: str
    codec: str
    bit_rate: int  # bit/s
    channels: int
    language: str | None = None  # as in the file: ISO 639-2, BCP 47, or nonsense
    default: bool = False
    describes_video: bool = False


class SubtitleRendition(NamedTuple):
    uri: str
    name: str
    language: str | None = None  # as in the file: ISO 639-2, BCP 47, or nonsense
    default: bool = False
    forced: bool = False
    for_the_deaf: bool = False


class Variant(NamedTuple):
    """One quality of the pictures, or (without `size`) the sound of a file without pictures."""

    uri: str
    codec: str
    peak_bit_rate: int  # bit/s, without that of the audio renditions
    average_bit_rate: int | None = None
    size: Size | None = None
    frame_rate: Fraction | None = None
    hdr: HdrKind = HdrKind.SDR
    key_pictures_uri: str | None = None
    supplemental_codec: str | None = None


def master(
    variants: Sequence[Variant],
    audio: Sequence[AudioRendition],
    subtitles: Sequence[SubtitleRendition],
) -> str:
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{_VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_audio(rendition) for rendition in audio]
    lines += [_subtitles(rendition) for rendition in subtitles]
    for variant in variants:
        lines += [_variant(variant, audio, with_subtitles=bool(subtitles)), variant.uri]
    lines += [_key_pictures(variant) for variant in variants if variant.key_pictures_uri]
    return "\n".join(lines) + "\n"


def media(
    durations: Sequence[Fraction],
    map_uri: str | None,
    suffix: str,
    *,
    keys: bool = False,
) -> str:
    """Segment n is at `<n><suffix>`, beside the playlist; a key frame alone at `key<n><suffix>`."""
    # rounded, as RFC 8216, 4.3.3.1 compares them
    longest = max(math.floor(duration + Fraction(1, 2)) for duration in durations)
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        f"#EXT-X-TARGETDURATION:{max(1, longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if keys:
        lines.append("#EXT-X-I-FRAMES-ONLY")
    if map_uri is not None:
        lines.append(f'#EXT-X-MAP:URI="{map_uri}"')
    for number, duration in enumerate(durations):
        lines += [f"#EXTINF:{float(duration):.6f},", f"{'key' if keys else ''}{number}{suffix}"]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def _variant(variant: Variant, audio: Sequence[AudioRendition], *, with_subtitles: bool) -> str:
    loudest = max((rendition.bit_rate for rendition in audio), default=0)
    codecs = dict.fromkeys([variant.codec, *(rendition.codec for rendition in audio)])
    attributes = [f"BANDWIDTH={variant.peak_bit_rate + loudest}"]
    if variant.average_bit_rate is not None:
        average = min(variant.average_bit_rate, variant.peak_bit_rate)
        attributes.append(f"AVERAGE-BANDWIDTH={average + loudest}")
    attributes.append(f'CODECS="{",".join(codecs)}"')
    if variant.supplemental_codec is not None:
        attributes.append(f'SUPPLEMENTAL-CODECS="{variant.supplemental_codec}"')
    attributes += _pictures(variant)
    if variant.frame_rate is not None:
        attributes.append(f"FRAME-RATE={float(variant.frame_rate):.3f}")
    if audio:
        attributes.append(f'AUDIO="{_AUDIO}"')
    if with_subtitles:
        attributes.append(f'SUBTITLES="{_SUBTITLES}"')
    attributes.append("CLOSED-CAPTIONS=NONE")
    return "#EXT-X-STREAM-INF:" + ",".join(attributes)


def _key_pictures(variant: Variant) -> str:
    """Its key frames have no more bits a second than all of its pictures."""
    attributes = [f"BANDWIDTH={variant.peak_bit_rate}", f'CODECS="{variant.codec}"']
    attributes += [*_pictures(variant), f'URI="{variant.key_pictures_uri}"']
    return "#EXT-X-I-FRAME-STREAM-INF:" + ",".join(attributes)


def _pictures(variant: Variant) -> list[str]:
    if variant.size is None:
        return []
    resolution = f"RESOLUTION={variant.size.width}x{variant.size.height}"
    return [resolution, f"VIDEO-RANGE={_video_range(variant.hdr)}"]


def _video_range(hdr: HdrKind) -> str:
    match hdr:
        case HdrKind.SDR:
            return "SDR"
        case HdrKind.HLG:
            return "HLG"
        case _:
            return "PQ"


def _audio(rendition: AudioRendition) -> str:
    attributes = ["TYPE=AUDIO", f'GROUP-ID="{_AUDIO}"', f"NAME={_quoted(rendition.name)}"]
    attributes += _language(rendition.language)
    attributes += [f"DEFAULT={_yes(rendition.default)}", "AUTOSELECT=YES"]
    if rendition.describes_video:
        attributes.append('CHARACTERISTICS="public.accessibility.describes-video"')
    attributes += [f'CHANNELS="{rendition.channels}"', f'URI="{rendition.uri}"']
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _subtitles(rendition: SubtitleRendition) -> str:
    attributes = ["TYPE=SUBTITLES", f'GROUP-ID="{_SUBTITLES}"', f"NAME={_quoted(rendition.name)}"]
    attributes += _language(rendition.language)
    attributes += [f"DEFAULT={_yes(rendition.default)}", "AUTOSELECT=YES"]
    attributes.append(f"FORCED={_yes(rendition.forced)}")
    if rendition.for_the_deaf:
        attributes.append(
            'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,'
            'public.accessibility.describes-music-and-sound"'
        )
    attributes.append(f'URI="{rendition.uri}"')
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _language(language: str | None) -> list[str]:
    """RFC 5646, where `eng` is `en`; nothing for what names no language."""
    try:
        tag = standardize_tag(language or "und")
    except LanguageTagError:
        return []
    return [] if tag == "und" else [f"LANGUAGE={_quoted(tag)}"]


def _yes(value: bool) -> str:
    return "YES" if value else "NO"


def _quoted(text: str) -> str:
    """Names come out of files; a quoted string holds no quotes and no line ends."""
    clean = "".join(" " if ord(letter) < ord(" ") else letter for letter in text)
    return '"' + clean.replace('"', "'")[:120] + '"'


def unique_names(names: Iterable[str]) -> list[str]:
    """Of renditions in a group no two may have the same name."""
    taken: set[str] = set()
    unique: list[str] = []
    for name in names:
        chosen, count = name, 1
        while chosen in taken:
            count += 1
            chosen = f"{name} ({count})"
        taken.add(chosen)
        unique.append(chosen)
    return unique
