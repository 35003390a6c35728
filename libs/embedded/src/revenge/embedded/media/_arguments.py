"""A recipe as arguments of ffmpeg."""

from collections.abc import Iterator
from pathlib import Path

from revenge.embedded.media._recipe import Audio, Recipe, Subtitles, VideoCodec

SOURCE_WIDTH = 320
"""The gradients are drawn small and scaled up: they are smooth, and drawing is the slow part."""

SOUNDS = "0.18*sin(2*PI*{pitch}*t)*(0.6+0.4*sin(2*PI*t/4))+0.08*sin(2*PI*{pitch}*1.5*t)"
AUDIO_ENCODERS = {
    "aac": ("aac", "96k"),
    "ac3": ("ac3", "192k"),
    "opus": ("libopus", "64k"),
    "flac": ("flac", "0"),
    "mp3": ("libmp3lame", "96k"),
}
TEXT_SUBTITLES = {".mp4": "mov_text", ".m4v": "mov_text", ".webm": "webvtt"}


def arguments(recipe: Recipe, target: Path) -> tuple[str, ...]:
    """To be run in the folder where `_render` wrote the font, the subtitles and the chapters.

    So no path of ours stands in a filter, where quotes and colons have a meaning.
    """
    return (
        *("-hide_banner", "-loglevel", "error", "-nostdin", "-y"),
        *_inputs(recipe),
        *_maps(recipe),
        *("-vf", _picture(recipe), *_video(recipe)),
        *(part for n, track in enumerate(recipe.audio) for part in _audio(n, track)),
        *(part for n, track in enumerate(recipe.subtitles) for part in _subtitles(n, track)),
        *(("-c:s", TEXT_SUBTITLES.get(target.suffix, "srt")) if recipe.subtitles else ()),
        *("-metadata", f"title={recipe.title}", "-t", str(recipe.seconds), str(target)),
    )


def _inputs(recipe: Recipe) -> Iterator[str]:
    yield from ("-f", "lavfi", "-i", _gradients(recipe))
    for track in recipe.audio:
        sound = "|".join([SOUNDS.format(pitch=track.pitch)] * track.channels)
        yield from ("-f", "lavfi", "-i", f"aevalsrc='{sound}':s=48000:d={recipe.seconds}")
    for number in range(len(recipe.subtitles)):
        yield from ("-i", f"{number}.srt")
    if recipe.chapters:
        yield from ("-f", "ffmetadata", "-i", "chapters.txt")


def _gradients(recipe: Recipe) -> str:
    height = SOURCE_WIDTH * recipe.height // recipe.width // 2 * 2
    colours = ":".join(f"c{n}={colour}" for n, colour in enumerate(recipe.colours))
    return (
        f"gradients=s={SOURCE_WIDTH}x{height}:r={recipe.rate}:d={recipe.seconds}"
        f":n={len(recipe.colours)}:{colours}:type={recipe.pattern}:speed=0.015:seed=7"
    )


def _maps(recipe: Recipe) -> Iterator[str]:
    inputs = 1 + len(recipe.audio) + len(recipe.subtitles)
    for number in range(inputs):
        yield from ("-map", str(number))
    if recipe.chapters:
        yield from ("-map_chapters", str(inputs))


def _picture(recipe: Recipe) -> str:
    scaled = f"scale={recipe.width}:{recipe.height}:flags=bilinear"
    if recipe.grain:
        scaled += f",noise=alls={recipe.grain}:allf=t:all_seed=7"
    if not recipe.title:
        return f"{scaled},format=yuv420p"
    text = "drawtext=fontfile=font.ttf:fontcolor=white@0.9:shadowx=2:shadowy=2"
    middle = "x=(w-tw)/2:y=h*(0.42+0.03*sin(t))"
    title = f"{text}:textfile=title.txt:expansion=none:fontsize=h/12:{middle}"
    clock = f"{text}:text='%{{pts\\:hms}}':fontsize=h/24:x=w*0.04:y=h*0.9"
    return f"{scaled},{title},{clock},format=yuv420p"


def _video(recipe: Recipe) -> tuple[str, ...]:
    key_frames = ("-g", str(recipe.rate * 2))
    return (*_encoder(recipe.codec), *key_frames)


def _encoder(codec: VideoCodec) -> tuple[str, ...]:
    if codec == "h264":
        return ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "26")
    if codec == "hevc":
        quiet = "log-level=error:keyint=48"
        return ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "28", "-x265-params", quiet)
    return ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k")


def _audio(number: int, track: Audio) -> tuple[str, ...]:
    encoder, rate = AUDIO_ENCODERS[track.codec]
    stream = f"a:{number}"
    return (
        *(f"-c:{stream}", encoder, f"-b:{stream}", rate, f"-ac:{stream}", str(track.channels)),
        *(f"-metadata:s:{stream}", f"language={track.language}"),
        *(f"-metadata:s:{stream}", f"title={track.title}"),
        *(f"-disposition:{stream}", "0" if number else "default"),
    )


def _subtitles(number: int, track: Subtitles) -> tuple[str, ...]:
    stream = f"s:{number}"
    flags = [
        *(["forced"] if track.is_forced else []),
        *(["hearing_impaired"] if track.is_for_deaf else []),
    ]
    return (
        *(f"-metadata:s:{stream}", f"language={track.language}"),
        *(f"-metadata:s:{stream}", f"title={track.title}"),
        *(f"-disposition:{stream}", "+".join(flags) or "0"),
    )
