"""Two processes, a real NATS and a real PostgreSQL, and events from one to the other.

`python -m tests.bench.relaying FOLDER` measures; with more arguments it is the listener.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
import uvloop
from nats.js.api import AckPolicy, ConsumerConfig
from psycopg import conninfo

from revenge.contracts import Domain, Message
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, Postgres, program
from revenge.embedded.supervisor import Supervisor
from revenge.kit import Bus, Database, Router, Service, Tx, outbox, settings, streams
from revenge.kit.migrate import migrate
from revenge.kit.publishing import BATCH, Written, publish
from revenge.kit.pulling import Pull, acknowledge
from revenge.kit.service import serve
from revenge.kit.wire import header_lines

ONE_BY_ONE = 200
IN_BULK = 20_000
WITHIN_S = 60.0
FLOOR = "event.floor"
PAYLOAD = b'{"at":0.0}'

domain = Domain("bench")


class Sent(Message, frozen=True):
    at: float


single = domain.event("single", Sent)
bulk = domain.event("bulk", Sent)


async def listen(nats_url: str, database_url: str) -> None:
    """Print the latencies, then how long the bulk took, each as a line."""
    took: list[float] = []
    stop = asyncio.Event()
    router = Router[Tx]()
    seen = 0

    @router.on(single)
    async def on_single(event: Sent, _: Tx) -> None:
        took.append(time.time() - event.at)
        if len(took) == ONE_BY_ONE:
            print(json.dumps(sorted(took)[ONE_BY_ONE // 2]), flush=True)

    @router.on_many(bulk, batch=500)
    async def on_bulk(events: Sequence[Sent], _: Tx) -> None:
        nonlocal seen
        seen += len(events)
        if seen >= IN_BULK:
            print(json.dumps(time.time() - events[0].at), flush=True)
            stop.set()

    async def start(service: Service, _: settings.Settings) -> None:
        db = await service.open_database(settings.Database(url=database_url))
        service.include(router, db.writing)
        service.on_ready(lambda: print("ready", flush=True))

    await serve("bench", settings.Settings(nats=settings.Nats(url=nats_url)), start, stop)


async def measure(folder: Path) -> dict[str, float]:
    postgres_port, nats_port, monitor = free_ports(3)
    postgres = Postgres(folder / "data" / "postgres", postgres_port, "password")
    nats = Nats(folder / "nats", nats_port, monitor)
    async with Supervisor(folder / "logs") as supervisor:
        await supervisor.start(program(postgres), program(nats))
        sender, listener = [await schema(postgres.url, name) for name in ("sender", "listener")]
        async with Bus.connect(settings.Nats(url=nats.url), "bench-sender") as bus:
            await streams.ensure(bus.js)
            return {**await floor(bus), **await through(bus, nats.url, sender, listener)}


async def schema(url: str, name: str) -> str:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"create schema {name}".encode())
    of_schema = conninfo.make_conninfo(url, options=f"-csearch_path={name}")
    await migrate(of_schema, ["revenge.kit"])
    return of_schema


async def floor(bus: Bus) -> dict[str, float]:
    """The same messages, written and pulled in the same way, without a database."""
    await bus.js.add_consumer(
        "EVENTS",
        ConsumerConfig(
            durable_name="floor", filter_subject=FLOOR, ack_policy=AckPolicy.EXPLICIT, ack_wait=30
        ),
    )
    pull = Pull(bus.client, "EVENTS", "floor")
    await pull.open()
    took = [await one_by_one(bus, pull) for _ in range(ONE_BY_ONE)]
    began = time.perf_counter()
    await asyncio.gather(publish_all(bus), take_all(bus, pull))
    rate = IN_BULK / (time.perf_counter() - began)
    await pull.close()
    return {"publish_ms": 1000 * sorted(took)[ONE_BY_ONE // 2], "publish_rate": rate}


async def one_by_one(bus: Bus, pull: Pull) -> float:
    began = time.perf_counter()
    await bus.js.publish(FLOOR, PAYLOAD)
    (message,) = await pull.fetch(1, 5)
    took = time.perf_counter() - began
    await message.ack()
    return took


async def publish_all(bus: Bus) -> None:
    headers = header_lines({"ce-type": "bench.floor"})
    for _ in range(IN_BULK // BATCH):
        await publish(bus, [Written(n, uuid4().hex, FLOOR, PAYLOAD, headers) for n in range(BATCH)])


async def take_all(bus: Bus, pull: Pull) -> None:
    seen = 0
    while seen < IN_BULK:
        received = await pull.fetch_ahead(500, 5)
        await acknowledge(bus.client, received)
        seen += len(received)


async def through(bus: Bus, nats_url: str, sender: str, listener: str) -> dict[str, float]:
    elsewhere = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.relaying", "listen", nats_url, listener),
        stdout=asyncio.subprocess.PIPE,
    )
    assert elsewhere.stdout is not None
    async with (
        Database.connect(settings.Database(url=sender), "sender") as db,
        asyncio.timeout(WITHIN_S),
    ):
        relaying = asyncio.create_task(outbox.relay(db, bus))
        await elsewhere.stdout.readline()  # ready
        for _ in range(ONE_BY_ONE):
            async with db.begin() as tx:
                await tx.emit(single, Sent(time.time()))
            await asyncio.sleep(0.01)
        median = json.loads(await elsewhere.stdout.readline())
        async with db.begin() as tx:
            for _ in range(IN_BULK):
                await tx.emit(bulk, Sent(time.time()))
            began = time.time()
        committed = time.time()
        await elsewhere.stdout.readline()
        rate = IN_BULK / (time.time() - committed)
        relaying.cancel()
    await elsewhere.wait()
    return {"median_ms": 1000 * median, "rate": rate, "commit_s": committed - began}


if __name__ == "__main__":
    if len(sys.argv) > 2:
        uvloop.run(listen(*sys.argv[2:]))
    else:
        print(json.dumps(uvloop.run(measure(Path(sys.argv[1])))))
