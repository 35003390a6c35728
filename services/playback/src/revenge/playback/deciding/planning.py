"""From a question about a title to the plan of its playback."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from loguru import logger

from revenge.contracts import catalog
from revenge.contracts.paths import to_os
from revenge.contracts.playback import ClientProfile, Decision, Method, NotPlayable
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.ladder import Encoding
from revenge.playback.deciding.plan import Plan
from revenge.playback.deciding.wishes import Wishes
from revenge.playback.media import survey
from revenge.playback.media.source import identify
from revenge.playback.segments.segmenter import Segmenter

BUSY = "the server is too busy now to transcode it in every quality"

# the costliest last
_COST = (Method.NONE, Method.DIRECT, Method.COPY, Method.TRANSCODE, Method.BURN)


class Planned(NamedTuple):
    """`version` is that of the file that the plan is for."""

    plan: Plan
    version: str


async def plan(
    segmenter: Segmenter, file: catalog.PlayableFile, profile: ClientProfile, wishes: Wishes
) -> Planned:
    """Raises what `decide` raises, and `FileUnreadable`."""
    source = await identify(to_os(file.path))
    found = await segmenter.survey(source)
    made = decide(
        file.media,
        profile,
        wishes,
        obstacle=survey.obstacle_to_copying(found),
        audio_obstacles=survey.obstacles_to_copying_audio(found),
        peak_bit_rate=survey.peak_bit_rate(found),
        tag=found.video.tag if found.video else "",
    )
    return Planned(made, source.key)


def fitting(plan: Plan, fits: Callable[[Encoding], bool]) -> Plan:
    """Without the qualities that cannot be encoded now, if that leaves any."""
    needs_encoding = not plan.direct and plan.video and plan.video[0].encoding is not None
    left = tuple(offer for offer in plan.video if offer.encoding and fits(offer.encoding))
    if not needs_encoding or not left or left == plan.video:
        return plan
    told = tuple(map(_told_busy, plan.decisions))
    return msgspec.structs.replace(plan, video=left, decisions=told)


def _told_busy(decision: Decision) -> Decision:
    if decision.stream != "video":
        return decision
    return msgspec.structs.replace(decision, reasons=(*decision.reasons, BUSY))


def demand_playable(plan: Plan) -> None:
    """Raises `NotPlayable`, which says why."""
    if not (plan.direct or plan.video or plan.audio):
        why = [reason for decision in plan.decisions for reason in decision.reasons]
        raise NotPlayable("; ".join(dict.fromkeys(why)))


def within(profile: ClientProfile, room: int | None) -> ClientProfile:
    """The profile on a line that has so many bit/s left."""
    if room is None or room <= 0:  # nothing fits into nothing: that is refused, not squeezed
        return profile
    kilobits = room // 1000
    limit = min(kilobits, profile.max_bitrate_kbps or kilobits)
    return msgspec.structs.replace(profile, max_bitrate_kbps=max(1, limit))


def method(plan: Plan) -> Method:
    """The costliest of what the client would play."""
    if plan.direct:
        return Method.DIRECT
    given = [
        decision.method
        for decision in plan.decisions
        if decision.stream == "video"
        or (decision.stream == "audio" and decision.track == plan.default_audio)
        or decision.method is Method.BURN
    ]
    return max(given, key=_COST.index, default=Method.NONE)


def log(title: str, username: str, plan: Plan) -> None:
    """One line that says what is done, and why."""
    told = [
        f"{decision.stream} {decision.method} ({', '.join(decision.reasons)})"
        if decision.reasons
        else f"{decision.stream} {decision.method}"
        for decision in plan.decisions
        if decision.stream != "subtitle" or decision.track == plan.burned_subtitle
    ]
    logger.info("{} plays {}: {}", username, title, "; ".join(told))
