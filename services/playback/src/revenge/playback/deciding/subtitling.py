"""How each subtitle reaches a client: as it is, as WebVTT, or drawn into the pictures.

Drawing costs a transcode of the pictures, so that it is the last resort: for images that somebody
has chosen and their client cannot show, and for those who ask for it.
"""

from __future__ import annotations

from revenge.contracts.media import Media, SubtitleStream
from revenge.contracts.playback import ClientProfile, Decision, Method
from revenge.playback.deciding import obstacles
from revenge.playback.deciding.plan import SubtitleOffer
from revenge.playback.deciding.wishes import Wishes

#: ffmpeg's names of the subtitles that can become WebVTT.
TEXT_CODECS = frozenset(
    {"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "vtt", "text", "microdvd", "subviewer"}
)
_SCRIPTS = {"ass", "ssa"}

# how images are had as they are: PGS as players of it know it, others with all that belongs to them
_IMAGE_FILES = {"hdmv_pgs_subtitle": "sup", "dvd_subtitle": "mks", "dvb_subtitle": "mks"}


def offers(media: Media) -> tuple[SubtitleOffer, ...]:
    """Those that can be had as WebVTT."""
    return tuple(
        SubtitleOffer(number, track.index, track.path)
        for number, track in enumerate(media.subtitles)
        if track.codec in TEXT_CODECS
    )


def is_script(track: SubtitleStream) -> bool:
    """ASS, which loses its looks as WebVTT."""
    return track.codec in _SCRIPTS


def image_file(track: SubtitleStream) -> str | None:
    """The ending of a file that holds nothing but this track, which is made of images."""
    return _IMAGE_FILES.get(track.codec)


def burned(media: Media, profile: ClientProfile, wishes: Wishes) -> int | None:
    """The track that is drawn into the pictures."""
    number = wishes.subtitle_track
    if number is None or number >= len(media.subtitles) or not media.video:
        return None
    track = media.subtitles[number]
    shown = image_file(track) is not None and not obstacles.of_subtitle(track, profile)
    if wishes.burn_subtitle or not (track.codec in TEXT_CODECS or shown):
        return number
    return None


def against_copying(media: Media, number: int | None) -> tuple[str, ...]:
    if number is None:
        return ()
    return (f"the subtitle {number} ({media.subtitles[number].codec}) is drawn into the pictures",)


def decisions(
    media: Media, profile: ClientProfile, *, direct: bool, burned: int | None
) -> list[Decision]:
    return [
        _burning(number, track, media, profile)
        if number == burned
        else _decision(number, track, profile, direct=direct)
        for number, track in enumerate(media.subtitles)
    ]


def _is_shown_from_file(track: SubtitleStream, profile: ClientProfile) -> bool:
    return track.index is not None and not obstacles.of_subtitle(track, profile)


def _burning(number: int, track: SubtitleStream, media: Media, profile: ClientProfile) -> Decision:
    if track.codec in TEXT_CODECS:
        return Decision("subtitle", Method.BURN, ("the client asks for it",), number)
    reasons = obstacles.of_subtitle(track, profile) or ["the client asks for it"]
    return Decision("subtitle", Method.BURN, (*reasons, *_ways_out(track, media)), number)


def _ways_out(track: SubtitleStream, media: Media) -> list[str]:
    """What the viewer could choose instead, and spare the transcode."""
    return [
        f"track {number} has the same language as text"
        for number, other in enumerate(media.subtitles)
        if other.codec in TEXT_CODECS and track.language and other.language == track.language
    ]


def _decision(
    number: int, track: SubtitleStream, profile: ClientProfile, *, direct: bool
) -> Decision:
    if direct and _is_shown_from_file(track, profile):
        return Decision("subtitle", Method.DIRECT, (), number)
    as_it_is = is_script(track) or image_file(track) is not None
    if as_it_is and not obstacles.of_subtitle(track, profile):
        return Decision("subtitle", Method.COPY, (), number)
    if track.codec in TEXT_CODECS:
        return Decision("subtitle", Method.TRANSCODE, (f"{track.codec} becomes WebVTT",), number)
    why = f"{track.codec} is made of images, which are drawn into the pictures when it is chosen"
    return Decision("subtitle", Method.NONE, (why,), number)
