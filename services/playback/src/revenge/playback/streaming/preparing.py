"""What every player fetches first of a new session, made before it asks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from loguru import logger

from revenge.contracts import Fault
from revenge.contracts.paths import to_os
from revenge.playback import detached
from revenge.playback.deciding.renditions import CopiedVideo, Rendition
from revenge.playback.media.source import identify
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.sessions import Session
from revenge.playback.streaming import offers


def begin(segmenter: Segmenter, session: Session) -> None:
    """Nobody waits for it, and what fails is told to whoever asks for the same."""
    detached.start(_try(segmenter, session))


async def _try(segmenter: Segmenter, session: Session) -> None:
    try:
        await prepare(segmenter, session)
    except (Fault, OSError) as error:
        logger.debug("nothing is made ahead for {}: {!r}", session.id, error)


async def prepare(segmenter: Segmenter, session: Session) -> None:
    """Both headers, which the master playlist waits for, then the first of each rendition."""
    source = await identify(to_os(session.stream.path))
    renditions = list(certain(session))
    for rendition in renditions:
        await segmenter.init(source, rendition)
    for rendition in renditions:
        grid = await segmenter.grid(source, rendition)
        number = grid.number_at(Fraction(session.position_seconds))
        await segmenter.segment(source, rendition, number, str(session.id))


def certain(session: Session) -> Iterator[Rendition]:
    """What it will play, as far as that is cheap.

    Pictures are not encoded before it is known that they are fetched, and from this replica.
    """
    stream, video = session.stream, session.video
    if stream.plan.direct:
        return
    if video is not None and video.encoding is None:
        yield CopiedVideo(video.base_layer)
    sound = offers.audio(stream.plan, stream.plan.default_audio)
    if sound is not None:
        yield sound
