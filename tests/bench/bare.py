"""The floor of a web server: granian with an app that only sends bytes, on the port given."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop

from revenge.kit.http import serving

BODY = b"x" * 1000


async def app(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


async def main(port: int) -> None:
    async with serving(app, "127.0.0.1", port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
