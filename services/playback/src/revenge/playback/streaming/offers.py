"""A session's plan as renditions, and as the master playlist that lists them."""

import asyncio
from fractions import Fraction

from revenge.contracts.media import AudioStream, HdrKind, Media, SubtitleStream
from revenge.contracts.paths import to_os
from revenge.playback.deciding import ladder, subtitling
from revenge.playback.deciding.ladder import Size
from revenge.playback.deciding.plan import (
    AudioOffer,
    Plan,
    StreamSession,
    SubtitleOffer,
    VideoOffer,
)
from revenge.playback.deciding.renditions import (
    Burned,
    CopiedAudio,
    CopiedVideo,
    EncodedAudio,
    EncodedVideo,
    KeyPictures,
    Rendition,
    SubtitleTrack,
)
from revenge.playback.deciding.subtitling import TEXT_CODECS
from revenge.playback.media import survey as surveys
from revenge.playback.media.source import Source
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.streaming import playlists

_AVERAGE = Fraction(2, 3)  # of what an encoded rendition may have at most; seen, not promised


def video(session: StreamSession, name: str) -> Rendition | None:
    offer = session.plan.video_offer(name)
    return _video(offer, session) if offer else None


def key_pictures(session: StreamSession, name: str) -> Rendition | None:
    offer = session.plan.video_offer(name)
    return KeyPictures(_video(offer, session)) if offer else None


def subtitle(session: StreamSession, number: int) -> SubtitleTrack | None:
    """Of those that there are as text."""
    offer = session.plan.subtitle_offer(number)
    return _subtitle(offer, session) if offer else None


def images(session: StreamSession, number: int) -> SubtitleTrack | None:
    """Of those that are made of images."""
    tracks = session.media.subtitles[number : number + 1]
    found = [track for track in tracks if subtitling.image_file(track)]
    return _subtitle(found[0], session) if found else None


def audio(plan: Plan, number: int) -> Rendition | None:
    offer = plan.audio_offer(number)
    return _audio(offer) if offer else None


async def master(segmenter: Segmenter, source: Source, session: StreamSession) -> str:
    """The master playlist of a session."""
    survey = await segmenter.survey(source)
    sound = await _audio_renditions(segmenter, source, session)
    variants = await _variants(segmenter, source, session, survey)
    return playlists.master(variants or _sound_alone(sound), sound, _subtitle_renditions(session))


def _video(offer: VideoOffer, session: StreamSession) -> CopiedVideo | EncodedVideo:
    if offer.encoding is None:
        return CopiedVideo(offer.base_layer)
    return EncodedVideo(offer.encoding, _burned(session))


def _burned(session: StreamSession) -> Burned | None:
    number = session.plan.burned_subtitle
    if number is None:
        return None
    track = session.media.subtitles[number]
    return Burned(_subtitle(track, session), images=track.codec not in TEXT_CODECS)


def _subtitle(found: SubtitleOffer | SubtitleStream, session: StreamSession) -> SubtitleTrack:
    path = to_os(found.path) if found.path else None
    return SubtitleTrack(found.index, path, session.subtitle_offset_ms)


def _audio(offer: AudioOffer) -> Rendition:
    if offer.copied:
        return CopiedAudio(offer.index)
    return EncodedAudio(offer.index, offer.codec, offer.channels)


async def _variants(
    segmenter: Segmenter, source: Source, session: StreamSession, survey: surveys.Survey
) -> list[playlists.Variant]:
    track = survey.video
    if track is None:
        return []
    renditions = [_video(offer, session) for offer in session.plan.video]
    codecs = await asyncio.gather(*(segmenter.codec(source, one) for one in renditions))
    others = await asyncio.gather(
        *(segmenter.supplemental_codec(source, one) for one in renditions)
    )
    variants = [
        _variant(offer, codec, session.media, track.frame_rate)._replace(supplemental_codec=other)
        for offer, codec, other in zip(session.plan.video, codecs, others, strict=True)
    ]
    return _with_key_pictures(session.plan, variants)


def _with_key_pictures(plan: Plan, variants: list[playlists.Variant]) -> list[playlists.Variant]:
    """Of one rung: the copied one, which costs nothing, else the smallest."""
    chosen = next((offer for offer in plan.video if offer.encoding is None), plan.video[-1])
    return [
        variant._replace(key_pictures_uri=f"{offer.name}/keys.m3u8") if offer is chosen else variant
        for offer, variant in zip(plan.video, variants, strict=True)
    ]


def _variant(
    offer: VideoOffer, codec: str, media: Media, frame_rate: Fraction
) -> playlists.Variant:
    uri = f"{offer.name}/index.m3u8"
    pictures = media.video[0]
    if offer.encoding is None:
        return playlists.Variant(
            uri,
            codec,
            offer.bit_rate,
            pictures.bit_rate or media.bit_rate,
            ladder.shown(pictures),
            frame_rate,
            ladder.base_layer(pictures),
        )
    size, peak = Size(offer.encoding.width, offer.encoding.height), offer.encoding.peak_bit_rate
    average = int(offer.bit_rate * _AVERAGE)
    hdr = HdrKind.SDR  # what is encoded is mapped to it
    return playlists.Variant(uri, codec, peak, average, size, frame_rate, hdr)


async def _audio_renditions(
    segmenter: Segmenter, source: Source, session: StreamSession
) -> list[playlists.AudioRendition]:
    plan = session.plan
    codecs = await asyncio.gather(*(segmenter.codec(source, _audio(offer)) for offer in plan.audio))
    tracks = [session.media.audio[offer.number] for offer in plan.audio]
    names = playlists.unique_names(_audio_name(track) for track in tracks)
    return [
        playlists.AudioRendition(
            uri=f"audio/{offer.number}/index.m3u8",
            name=name,
            codec=codec,
            bit_rate=offer.bit_rate,
            channels=offer.channels,
            language=track.language,
            default=offer.number == plan.default_audio,
            describes_video=track.visual_impaired,
        )
        for offer, track, name, codec in zip(plan.audio, tracks, names, codecs, strict=True)
    ]


def _subtitle_renditions(session: StreamSession) -> list[playlists.SubtitleRendition]:
    plan = session.plan
    tracks = [session.media.subtitles[offer.number] for offer in plan.subtitles]
    names = playlists.unique_names(_subtitle_name(track) for track in tracks)
    return [
        playlists.SubtitleRendition(
            uri=f"subs/{offer.number}/index.m3u8",
            name=name,
            language=track.language,
            default=offer.number == plan.default_subtitle,
            forced=track.forced,
            for_the_deaf=track.hearing_impaired,
        )
        for offer, track, name in zip(plan.subtitles, tracks, names, strict=True)
    ]


def _sound_alone(sound: list[playlists.AudioRendition]) -> list[playlists.Variant]:
    """Of a file without pictures, the wanted track is the one variant."""
    chosen = [rendition for rendition in sound if rendition.default] or sound[:1]
    return [playlists.Variant(item.uri, item.codec, item.bit_rate) for item in chosen]


def _audio_name(track: AudioStream) -> str:
    return track.title or track.language or f"Audio {track.index}"


def _subtitle_name(track: SubtitleStream) -> str:
    return track.title or track.language or "Subtitles"
