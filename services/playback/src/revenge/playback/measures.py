"""What is measured of playback beside what the kit measures of every service."""

from prometheus_client import Counter, Gauge

from revenge.playback.sessions import Health

PLAYING = Gauge("revenge_playback_sessions_active", "Sessions that have not ended")
TRANSCODING = Gauge("revenge_transcoding_sessions_active", "Runs of ffmpeg")
SPEED = Gauge("revenge_transcoding_speed", "Of all runs of ffmpeg together, against real time")
CACHED = Gauge("revenge_playback_segments_bytes", "Finished segments on disk")
STALLS = Counter("revenge_playback_stalls", "Times that a picture stood still for want of data")
DROPPED = Counter("revenge_playback_dropped_frames", "Frames that clients decoded too late")


def observe(before: Health, after: Health) -> None:
    """A client that counts from zero again has nothing new to tell."""
    STALLS.inc(max(0, after.stalls - before.stalls))
    DROPPED.inc(max(0, after.dropped_frames - before.dropped_frames))
