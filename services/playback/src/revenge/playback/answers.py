"""Sessions and decisions, as those who asked see them."""

from __future__ import annotations

from datetime import timedelta

from revenge.contracts import catalog
from revenge.contracts.media import AudioStream, Media, SubtitleStream
from revenge.contracts.playback import (
    ActivePlayback,
    AudioTrack,
    ClientProfile,
    Method,
    PlaybackCost,
    PlaybackDecision,
    PlaybackLoad,
    PlaybackProfile,
    PlaybackSession,
    SubtitleTrack,
)
from revenge.playback.deciding import ladder, planning, subtitling
from revenge.playback.deciding.plan import Plan, VideoOffer
from revenge.playback.load import Limits, Load
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
        profiles=tuple(_profile(offer, stream.media) for offer in plan.video),
        audio_tracks=tuple(
            _audio_track(offer.number, stream.media.audio[offer.number], plan)
            for offer in plan.audio
        ),
        subtitle_tracks=tuple(
            _subtitle_track(number, track, plan, address)
            for number, track in enumerate(stream.media.subtitles)
        ),
        decisions=plan.decisions,
        created_at=found.created_at,
        expires_at=found.expires_at(timeout),
        method=planning.method(plan),
        quality=found.wishes.quality,
        audio_track=plan.default_audio,
        subtitle_track=_shown_subtitle(found),
        burn_subtitle=plan.burned_subtitle is not None,
        subtitle_offset_ms=stream.subtitle_offset_ms,
        client=found.profile.name,
    )


def decision(
    file: catalog.PlayableFile, plan: Plan, profile: ClientProfile, refused: str | None
) -> PlaybackDecision:
    best = max((offer.bit_rate for offer in plan.video), default=0)
    whole = file.media.bit_rate if plan.direct else None
    return PlaybackDecision(
        media_type=file.media_type,
        media_id=file.media_id,
        file_id=file.file_id,
        title=file.title,
        method=planning.method(plan),
        bit_rate_kbps=(whole or best + _sound(plan)) // 1000,
        decisions=plan.decisions,
        profiles=tuple(_profile(offer, file.media) for offer in plan.video),
        client=profile,
        refused=refused,
    )


def active(found: Session) -> ActivePlayback:
    stream, plan = found.stream, found.stream.plan
    sound = plan.audio_offer(plan.default_audio)
    return ActivePlayback(
        session_id=found.id,
        user_id=found.user_id,
        username=found.username,
        media_type=found.media_type,
        media_id=found.media_id,
        file_id=found.file_id,
        title=found.title,
        state=found.state,
        position_seconds=found.position_seconds,
        duration_seconds=round(stream.media.duration),
        method=planning.method(plan),
        decisions=plan.decisions,
        cost=PlaybackCost(
            bit_rate_kbps=found.bit_rate // 1000,
            transcodes_video=found.transcode is not None,
            transcodes_audio=not plan.direct and sound is not None and not sound.copied,
            speed=None if found.transcode is None else found.speed,
        ),
        started_at=found.created_at,
        seen_at=found.seen_at,
        quality=found.video.name if found.video else None,
        client=found.profile.name,
        user_agent=found.user_agent,
        stalls=found.health.stalls,
        dropped_frames=found.health.dropped_frames,
        bandwidth_kbps=found.health.bandwidth_kbps,
    )


def load(playing: list[Session], limits: Limits) -> PlaybackLoad:
    now = Load.of(playing)
    return PlaybackLoad(
        sessions=now.sessions,
        transcodes=len(now.transcodes),
        bit_rate_kbps=now.bit_rate // 1000,
        most_sessions=limits.sessions,
        most_transcodes=limits.transcodes,
        most_bit_rate_kbps=None if limits.bit_rate is None else limits.bit_rate // 1000,
    )


def _shown_subtitle(found: Session) -> int | None:
    """A track that is not there is not shown, whoever may have chosen it."""
    wanted = found.wishes.subtitle_track
    return wanted if wanted is not None and wanted < len(found.stream.media.subtitles) else None


def _sound(plan: Plan) -> int:
    offer = plan.audio_offer(plan.default_audio)
    return offer.bit_rate if offer else 0


def _profile(offer: VideoOffer, media: Media) -> PlaybackProfile:
    """`bitrate` in kbit/s."""
    kilobits = offer.bit_rate // 1000
    if offer.encoding is not None:
        encoding = offer.encoding
        return PlaybackProfile(
            encoding.name, encoding.width, encoding.height, kilobits, is_original=False
        )
    size = ladder.shown(media.video[0])
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


def _subtitle_track(number: int, track: SubtitleStream, plan: Plan, address: str) -> SubtitleTrack:
    is_text = plan.subtitle_offer(number) is not None
    images = subtitling.image_file(track)
    method = next(
        item.method for item in plan.decisions if item.stream == "subtitle" and item.track == number
    )
    shown = method in {Method.DIRECT, Method.COPY}
    return SubtitleTrack(
        index=number,
        codec=track.codec,
        is_forced=track.forced,
        url=f"{address}/subs/{number}.vtt" if is_text else None,
        images_url=f"{address}/subs/{number}.{images}" if images and shown else None,
        script_url=f"{address}/subs/{number}.ass" if subtitling.is_script(track) else None,
        language=track.language,
        title=track.title,
        method=method,
    )
