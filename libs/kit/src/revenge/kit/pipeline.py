"""One connection in libpq's pipeline mode: statements that are sent together, and their rows.

psycopg's own pipeline flushes each statement, and asks the event loop each time whether it may.
Here a batch is one system call, and its answers are taken as they arrive.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple

import psycopg
from msgspec import Struct
from psycopg import AsyncConnection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from revenge.contracts import Unavailable

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
PREPARED = 200  # statements of one connection that the server keeps

Key = tuple[str, tuple[int, ...]]


class Found(NamedTuple):
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Read(Struct):
    """One statement that changes nothing; somebody waits for what it finds."""

    query: LiteralString
    params: Mapping[str, object]
    found: asyncio.Future[Found]

    def answer(self, found: Found) -> None:
        if not self.found.done():
            self.found.set_result(found)

    def fail(self, error: Exception) -> None:
        if not self.found.done():
            self.found.set_exception(error)


class _Prepared:
    """A statement that the server knows by name; its columns once it has answered."""

    __slots__ = ("columns", "name")

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.columns: tuple[str, ...] | None = None


Taking = Callable[[PGresult], None]


class Pipeline:
    """Takes one batch at a time. `on_free` is called when the next may come.

    `lost` is done when the connection is; whoever waits for rows then gets `Unavailable`.
    """

    def __init__(self, connection: AsyncConnection[Any], on_free: Callable[[], None]) -> None:
        self._pgconn = connection.pgconn
        self._dumping = Transformer(connection)
        self._loading = Transformer(connection)
        self._on_free = on_free
        self._prepared: dict[Key, _Prepared] = {}
        self._names = 0
        self._expected: deque[Taking] = deque()
        self._reads: list[Read] = []
        self._alone: deque[Read] = deque()
        self._loop = asyncio.get_running_loop()
        self._socket = self._pgconn.socket
        self.lost: asyncio.Future[Exception] = self._loop.create_future()
        self._pgconn.nonblocking = 1
        self._pgconn.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._receive)

    def send(self, reads: Sequence[Read]) -> None:
        """All in one go. One that fails ends those after it: each of them is sent again, alone."""
        self._reads = list(reads)
        try:
            for read in reads:
                self._send(read)
            self._pgconn.pipeline_sync()
            self._expected.append(self._finish)
            self._flush()
        except psycopg.OperationalError as error:
            self._lose(error)

    def close(self, error: Exception) -> None:
        """Whoever still waits is told of this error."""
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        for read in (*self._reads, *self._alone):
            read.fail(error)

    def _send(self, read: Read) -> None:
        query, order = _positional(read.query)
        try:
            values = [read.params[name] for name in order]
            params = self._dumping.dump_sequence(values, [PyFormat.AUTO] * len(values))
        except (KeyError, psycopg.Error) as error:
            read.fail(error)
            return
        types = self._dumping.types or ()
        prepared = self._prepared.get((read.query, types)) or self._prepare(read, query, types)
        self._pgconn.send_query_prepared(prepared.name, params, param_formats=self._dumping.formats)
        self._expected.append(lambda result: self._take(read, prepared, result))

    def _prepare(self, read: Read, query: bytes, types: tuple[int, ...]) -> _Prepared:
        if len(self._prepared) >= PREPARED:
            oldest = self._prepared.pop(next(iter(self._prepared)))
            self._pgconn.send_close_prepared(oldest.name)
            self._expected.append(lambda _: None)
        self._names += 1
        prepared = _Prepared(f"read_{self._names}".encode())
        self._prepared[read.query, types] = prepared
        self._pgconn.send_prepare(prepared.name, query, types)
        self._expected.append(lambda result: self._check(read, (read.query, types), result))
        return prepared

    def _flush(self) -> None:
        """What the socket does not take at once is sent when it is ready."""
        if self._pgconn.flush():
            self._loop.add_writer(self._socket, self._flush_rest)

    def _flush_rest(self) -> None:
        try:
            if not self._pgconn.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.OperationalError as error:
            self._lose(error)

    def _receive(self) -> None:
        try:
            self._pgconn.consume_input()
            while self._expected and not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is not None:  # None is only the end of a statement
                    self._expected.popleft()(result)
        except psycopg.OperationalError as error:
            self._lose(error)

    def _check(self, read: Read, key: Key, result: PGresult) -> None:
        if result.status != ExecStatus.COMMAND_OK:
            self._prepared.pop(key, None)
        if result.status == ExecStatus.FATAL_ERROR:
            self._refuse(read, error_from_result(result))

    def _refuse(self, read: Read, error: psycopg.Error) -> None:
        """FeatureNotSupported: what is prepared is of tables that have changed since."""
        if isinstance(error, psycopg.OperationalError | psycopg.errors.FeatureNotSupported):
            self._lose(error)
        read.fail(error)

    def _take(self, read: Read, prepared: _Prepared, result: PGresult) -> None:
        match result.status:
            case ExecStatus.TUPLES_OK:
                read.answer(self._load(prepared, result))
            case ExecStatus.PIPELINE_ABORTED:
                self._alone.append(read)
            case _:
                self._refuse(read, error_from_result(result))

    def _load(self, prepared: _Prepared, result: PGresult) -> Found:
        self._loading.set_pgresult(result)
        if prepared.columns is None:
            names = [result.fname(place) or b"" for place in range(result.nfields)]
            prepared.columns = tuple(name.decode() for name in names)
        return Found(prepared.columns, self._loading.load_rows(0, result.ntuples, tuple))

    def _finish(self, _: PGresult) -> None:
        """At the end of a batch."""
        self._reads = []
        while self._alone:
            read = self._alone.popleft()
            if not read.found.done():
                self.send([read])
                return
        self._on_free()

    def _lose(self, error: Exception) -> None:
        self._expected.clear()
        self.close(Unavailable("the database does not answer"))
        if not self.lost.done():
            self.lost.set_result(error)


@lru_cache(maxsize=1024)
def _positional(query: str) -> tuple[bytes, tuple[str, ...]]:
    """The query as the server reads it, with `$1` for `%(name)s`, and the names in their order."""
    order = tuple(dict.fromkeys(PLACEHOLDER.findall(query)))
    numbers = {name: f"${number}" for number, name in enumerate(order, start=1)}
    plain = PLACEHOLDER.sub(lambda found: numbers[found[1]], query)
    return plain.replace("%%", "%").encode(), order
