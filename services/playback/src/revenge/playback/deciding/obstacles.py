"""What keeps a client from playing a stream as it is: every reason, in words."""

from revenge.contracts.media import AudioStream, HdrKind, Media, SubtitleStream, VideoStream
from revenge.contracts.playback import AudioSupport, ClientProfile, VideoSupport
from revenge.playback.deciding import ladder, profiles

# what makes a Matroska file a WebM
_WEBM_CODECS = {"vp8", "vp9", "av1", "opus", "vorbis"}

# what decoders in players take, of clients that do not say
_USUAL_DEPTH = {"h264": 8}  # bits
_DEPTH = 10

_TWO_LAYERS = 7  # the profile of Dolby Vision on discs

# levels are written as these parts of one
_LEVEL_PARTS = {"h264": 10, "hevc": 30}


def of_container(media: Media, profile: ClientProfile) -> list[str]:
    names = {"mov": {"mp4"}, "matroska": {"mkv"}}.get(media.container, {media.container})
    codecs = {track.codec for track in media.video} | {track.codec for track in media.audio}
    if media.container == "matroska" and codecs <= _WEBM_CODECS:
        names = names | {"webm"}
    if names & set(profile.containers):
        return []
    return [f"the client does not play {media.container} files"]


def of_file_size(media: Media, profile: ClientProfile) -> list[str]:
    limit = profile.max_bitrate_kbps
    if limit is None or (media.bit_rate or 0) <= limit * 1000:
        return []
    return [f"the file has more than {limit} kbit/s"]


def of_video(video: VideoStream, profile: ClientProfile) -> list[str]:
    if video.codec not in profile.video_codecs:
        return [f"the client does not play {video.codec}", *_size(video, profile)]
    supports = (support for support in profile.video if support.codec == video.codec)
    support = next(supports, VideoSupport(video.codec))
    return [
        *_profile(video, support),
        *_level(video, support),
        *_depth(video, support),
        *_chroma(video, support),
        *_fields(video, support),
        *_light(video, support, profile),
        *_size(video, profile),
    ]


def of_tag(video: VideoStream, tag: str, profile: ClientProfile) -> list[str]:
    """Decoders are chosen by it: HEVC under another name is not found, though it is the same."""
    supports = (support for support in profile.video if support.codec == video.codec)
    known = next(supports, VideoSupport(video.codec)).tags
    if not tag or not known or tag in known:
        return []
    return [f"the client does not take {video.codec} for what it is under the name {tag}"]


def needs_base_layer(video: VideoStream, profile: ClientProfile) -> bool:
    """True for Dolby Vision when the client shows only what lies below it.

    Nobody takes two layers out of HLS (profile 7).
    """
    if video.hdr is HdrKind.DOLBY_VISION and video.dolby_vision_profile == _TWO_LAYERS:
        return True
    supports = (support for support in profile.video if support.codec == video.codec)
    shown = _shows(next(supports, VideoSupport(video.codec)), profile)
    return video.hdr is HdrKind.DOLBY_VISION and HdrKind.DOLBY_VISION not in shown


def of_audio(track: AudioStream, profile: ClientProfile) -> list[str]:
    if track.codec not in profile.audio_codecs:
        return [f"the client does not play {track.codec}"]
    supports = (support for support in profile.audio if support.codec == track.codec)
    most = next(supports, AudioSupport(track.codec)).max_channels or profile.max_audio_channels
    if most is not None and track.channels > most:
        return [f"the client plays {most} channels of {track.channels}"]
    return []


def of_subtitle(track: SubtitleStream, profile: ClientProfile) -> list[str]:
    """Why the client cannot show the track as it is."""
    kind = profiles.name(track.codec)
    return [] if kind in profile.subtitle_formats else [f"the client does not show {kind}"]


def _profile(video: VideoStream, support: VideoSupport) -> list[str]:
    allowed = {_plain(profile) for profile in support.profiles}
    if video.profile is None or not allowed or _plain(video.profile) in allowed:
        return []
    return [f"the client does not play the profile {video.profile} of {video.codec}"]


def _plain(profile: str) -> str:
    return profile.replace(" ", "").lower()


def _level(video: VideoStream, support: VideoSupport) -> list[str]:
    if support.max_level is None or (video.level or 0) <= support.max_level:
        return []
    parts = _LEVEL_PARTS.get(video.codec, 1)
    found, most = (video.level or 0) / parts, support.max_level / parts
    return [f"the client plays {video.codec} up to level {most:g}, and this is {found:g}"]


def _depth(video: VideoStream, support: VideoSupport) -> list[str]:
    if support.max_bit_depth is not None:
        if video.bit_depth <= support.max_bit_depth:
            return []
        return [f"{video.bit_depth} bits are more than the client's {support.max_bit_depth}"]
    if video.bit_depth <= _USUAL_DEPTH.get(video.codec, _DEPTH):
        return []
    return [f"{video.codec} with {video.bit_depth} bits is rarely played"]


def _chroma(video: VideoStream, support: VideoSupport) -> list[str]:
    sampled = next((one for one in ("422", "444") if one in (video.pixel_format or "")), "420")
    return [] if sampled in support.chroma else [f"{video.pixel_format} is rarely played"]


def _fields(video: VideoStream, support: VideoSupport) -> list[str]:
    if support.interlaced or not video.interlaced:
        return []
    return [f"the client shows no interlaced {video.codec}"]


def _light(video: VideoStream, support: VideoSupport, profile: ClientProfile) -> list[str]:
    return (
        []
        if _shows(support, profile) & _seen_as(video)
        else [f"the client does not show {video.hdr.value}"]
    )


def _shows(support: VideoSupport, profile: ClientProfile) -> set[HdrKind]:
    return _shown(profile) if support.hdr is None else {HdrKind.SDR, *support.hdr}


def _shown(profile: ClientProfile) -> set[HdrKind]:
    said = {
        HdrKind.SDR: True,
        HdrKind.HDR10: profile.supports_hdr10,
        HdrKind.HLG: profile.supports_hlg,
        HdrKind.DOLBY_VISION: profile.supports_dolby_vision,
    }
    return {kind for kind, is_shown in said.items() if is_shown}


def _seen_as(video: VideoStream) -> set[HdrKind]:
    """HDR10+ and most of Dolby Vision add to pictures that are also shown without them."""
    match video.hdr:
        case HdrKind.HDR10_PLUS:
            return {HdrKind.HDR10_PLUS, HdrKind.HDR10}
        case HdrKind.DOLBY_VISION:
            base = ladder.BASE_LAYERS.get(video.dolby_vision_compatibility or 0)
            return {HdrKind.DOLBY_VISION} | ({base} if base else set())
        case kind:
            return {kind}


def _size(video: VideoStream, profile: ClientProfile) -> list[str]:
    size = ladder.shown(video)
    wide = profile.max_width is not None and size.width > profile.max_width
    high = profile.max_height is not None and size.height > profile.max_height
    reasons = [f"{size.width}x{size.height} is more than the client shows"] if wide or high else []
    limit = profile.max_bitrate_kbps
    if limit is not None and (video.bit_rate or 0) > limit * 1000:
        reasons.append(f"the pictures have more than {limit} kbit/s")
    return reasons
