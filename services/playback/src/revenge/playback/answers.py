"""A session as its client sees it."""

from __future__ import annotations

from datetime import timedelta

from revenge.contracts.media import AudioStream, SubtitleStream
from revenge.contracts.playback import (
    AudioTrack,
    PlaybackProfile,
    PlaybackSession,
    SubtitleTrack,
)
from revenge.playback import ladder
from revenge.playback.plan import Plan, VideoOffer
from revenge.playback.sessions import Session


def session(found: Session, address: str, timeout: timedelta) -> PlaybackSession:
    """`address` is where the streams are."""
    stream, plan = found.stream, found.stream.plan
    return PlaybackSession(
        session_id=found.id,
        media_type=found.media_type,
        media_id=found.media_id,
        file_id=found.file_id,
        title=found.title,
        master_playlist_url=f"{address}/master.m3u8",
        direct_play_url=f"{address}/file" if plan.direct else None,
        duration_seconds=stream.media.duration,
        position_seconds=found.position_seconds,
        state=found.state,
        profiles=tuple(_profile(offer, found) for offer in plan.video),
        audio_tracks=tuple(
            _audio_track(offer.number, stream.media.audio[offer.number], plan)
            for offer in plan.audio
        ),
        subtitle_tracks=tuple(
            _subtitle_track(offer.number, stream.media.subtitles[offer.number], address)
            for offer in plan.subtitles
        ),
        decisions=plan.decisions,
        created_at=found.created_at,
        expires_at=found.expires_at(timeout),
    )


def _profile(offer: VideoOffer, found: Session) -> PlaybackProfile:
    """`bitrate` in kbit/s."""
    kilobits = offer.bit_rate // 1000
    if offer.encoding is not None:
        encoding = offer.encoding
        return PlaybackProfile(
            encoding.name, encoding.width, encoding.height, kilobits, is_original=False
        )
    size = ladder.shown(found.stream.media.video[0])
    return PlaybackProfile(offer.name, size.width, size.height, kilobits, is_original=True)


def _audio_track(number: int, track: AudioStream, plan: Plan) -> AudioTrack:
    return AudioTrack(
        index=number,
        channels=track.channels,
        codec=track.codec,
        is_default=number == plan.default_audio,
        language=track.language,
        title=track.title,
        layout=track.layout,
    )


def _subtitle_track(number: int, track: SubtitleStream, address: str) -> SubtitleTrack:
    return SubtitleTrack(
        index=number,
        codec=track.codec,
        url=f"{address}/subs/{number}.vtt",
        is_forced=track.forced,
        language=track.language,
        title=track.title,
    )
