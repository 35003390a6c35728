"""Health is what the opened things say, and metrics are text."""

import asyncio

import msgspec

from revenge.contracts import Unavailable
from revenge.kit import health, settings


async def get(port: int, path: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


async def fine() -> None: ...


async def broken() -> None:
    raise Unavailable("no connection to NATS")


async def hanging() -> None:
    await asyncio.sleep(60)


async def test_a_service_is_ready_when_everything_answers() -> None:
    watched = health.Health("toys")
    watched.watch("database", fine)
    watched.started = True

    async with health.serve(watched, settings.Health()) as port:
        status, body = await get(port, "/health/ready")

    assert status == 200
    assert msgspec.json.decode(body)["details"] == {"database": "ok"}


async def test_what_does_not_answer_is_named() -> None:
    watched = health.Health("toys")
    watched.watch("nats", broken)
    watched.started = True

    async with health.serve(watched, settings.Health()) as port:
        status, body = await get(port, "/readyz")

    assert status == 503
    assert msgspec.json.decode(body)["details"] == {"nats": "no connection to NATS"}


async def test_what_hangs_does_not_hang_the_probe() -> None:
    watched = health.Health("toys")
    watched.watch("database", hanging)
    watched.started = True

    async with asyncio.timeout(health.PATIENCE + 2):
        report = await watched.ready()

    assert report.details == {"database": "does not answer"}


async def test_a_service_that_starts_is_alive_and_not_ready() -> None:
    watched = health.Health("toys")

    async with health.serve(watched, settings.Health()) as port:
        assert (await get(port, "/health/live"))[0] == 200
        assert (await get(port, "/health/startup"))[0] == 503
        assert (await get(port, "/readyz"))[0] == 503


async def test_metrics_are_served_as_text() -> None:
    async with health.serve(health.Health("toys"), settings.Health()) as port:
        status, body = await get(port, "/metrics")

    assert status == 200
    assert b"# HELP revenge_rpc_duration_seconds" in body


async def test_other_paths_say_what_there_is() -> None:
    async with health.serve(health.Health("toys"), settings.Health()) as port:
        status, body = await get(port, "/../../etc/passwd")

    assert status == 404
    assert b"/metrics" in body
