"""What a webhook receives, and how it knows that it comes from here.

The request has a JSON body: `event_id`, `event_type`, `timestamp` (RFC 3339), `user_id`,
`target_id`, `data`, `metadata` and `source` (always `revenge`). Its headers are

    User-Agent            Revenge/1.0
    X-Revenge-Event       the type of the event, like movie.added
    X-Revenge-Delivery    an id that is the same in every attempt at this delivery
    X-Revenge-Timestamp   when this attempt was made, in seconds since 1970
    X-Revenge-Signature   sha256=<hexadecimal HMAC-SHA256>

To check a request, compute the HMAC-SHA256, keyed with the webhook's secret, of the timestamp
header, a full stop, and the body as it was received, byte for byte:

    expected = hmac.new(secret, timestamp + b"." + body, "sha256").hexdigest()
    genuine = hmac.compare_digest("sha256=" + expected, signature)

and refuse what is not genuine, or older than some minutes. Answer 2xx within 30 seconds; anything
else is tried again, four more times with growing waits. 410 disables the webhook. Redirects are
not followed. The same delivery may come twice: keep its id if that matters.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import httpx2
import msgspec
from msgspec import Struct

from revenge.contracts.notification import HttpMethod, Notice

PATIENCE = 30.0  # seconds that an answer may take, all in all


class Unreachable(Exception):
    """No answer came. The message says why, and never where: addresses can hold secrets."""


class Body(Struct, frozen=True):
    event_id: str
    event_type: str
    timestamp: datetime
    user_id: UUID | None
    target_id: UUID | None
    data: msgspec.Raw
    metadata: dict[str, Any]
    source: str = "revenge"


class Letter(Struct, frozen=True):
    method: HttpMethod
    url: str
    body: bytes
    headers: dict[str, str]


@asynccontextmanager
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    """No redirects, and nothing from the environment: neither proxies nor a .netrc."""
    async with httpx2.AsyncClient(
        timeout=PATIENCE,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Revenge/1.0"},
    ) as opened:
        yield opened


def write(method: HttpMethod, url: str, notice: Notice, webhook: UUID, secret: bytes) -> Letter:
    """A signed request, to be sent at once."""
    body = msgspec.json.encode(
        Body(
            notice.id,
            notice.type,
            notice.timestamp,
            notice.user_id,
            notice.target_id,
            notice.data,
            notice.metadata,
        )
    )
    now = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Revenge-Event": notice.type,
        "X-Revenge-Delivery": str(uuid5(webhook, notice.id)),
        "X-Revenge-Timestamp": now,
        "X-Revenge-Signature": f"sha256={signature(secret, now, body)}",
    }
    return Letter(method, url, body, headers)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


async def send(http: httpx2.AsyncClient, letter: Letter) -> int:
    """The status of the answer, whose body is not read. Raises `Unreachable`."""
    try:
        async with (
            asyncio.timeout(PATIENCE),
            http.stream(
                letter.method.value, letter.url, content=letter.body, headers=letter.headers
            ) as answer,
        ):
            return answer.status_code
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise Unreachable(f"no answer within {PATIENCE:.0f} s") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise Unreachable(f"not reachable: {type(error).__name__}") from error
