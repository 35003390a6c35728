"""The lines of the table at work: authenticate, read, ask, answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from revenge.contracts import Caller, Nothing
from revenge.gateway import incoming as requests
from revenge.gateway.asgi import JSON, NO_STORE, Answer, Receive, Scope, Send, send_answer
from revenge.gateway.incoming import Incoming
from revenge.gateway.limits import Limits
from revenge.gateway.reading import Reader
from revenge.gateway.replies import Question, Replies
from revenge.gateway.table import Line
from revenge.gateway.visitors import Visitor, Visitors
from revenge.kit import Bus, acting_as

PRIVATE = (b"cache-control", b"private, no-store")


@dataclass(frozen=True)
class Desk:
    """What every operation works with."""

    bus: Bus
    visitors: Visitors
    replies: Replies
    limits: Limits


class Operation:
    def __init__(self, line: Line, desk: Desk) -> None:
        self.line = line
        self._desk = desk
        self._reader = Reader(line)
        self._freshness = desk.replies.freshness(line)
        self._without_body = line.status == 204 or line.rpc.reply is Nothing  # noqa: PLR2004 - No Content
        caching = PRIVATE if line.method == "GET" else NO_STORE
        self._headers = (caching,) if self._without_body else (JSON, caching)

    async def answer(self, scope: Scope, incoming: Incoming, receive: Receive) -> Answer:
        """Raises the faults of the contract, and those of a request that does not fit it."""
        if self.line.guesses:
            self._desk.limits.check_guess(incoming.address)
        if self.line.needs is None:
            return self._reply(await self._ask(scope, incoming, receive))
        visitor = incoming.visitor or await self._desk.visitors.identify(incoming)
        visitor.demand(self.line.needs)
        if self.line.fresh:
            return await self._browse(visitor, scope, incoming, receive)
        caller = await self._desk.visitors.look(visitor) if self.line.sees_titles else visitor.who
        with acting_as(caller):
            return self._reply(await self._ask(scope, incoming, receive))

    async def _browse(
        self, visitor: Visitor, scope: Scope, incoming: Incoming, receive: Receive
    ) -> Answer:
        """The reply that is kept for all who see what this visitor does, or a new one."""
        replies = self._desk.replies
        caller = await self._desk.visitors.look(visitor)
        key = (visitor.audience, incoming.path, incoming.query)
        kept = None
        if incoming.visitor is None:  # nobody has looked yet
            kept = replies.find(visitor, incoming.path, incoming.query)
        if kept is None:
            request = await self._reader.read(incoming, receive, scope["path_params"])
            question = Question(self.line, self._freshness, partial(self._ask_as, request))
            kept = await replies.ask(key, question, caller)
        return kept.to(incoming.headers.get(b"if-none-match"))

    async def _ask_as(self, request: bytes, caller: Caller) -> bytes:
        with acting_as(caller):
            return await self._desk.bus.ask(self.line.rpc, request)

    async def _ask(self, scope: Scope, incoming: Incoming, receive: Receive) -> bytes:
        request = await self._reader.read(incoming, receive, scope["path_params"])
        return await self._desk.bus.ask(self.line.rpc, request)

    def _reply(self, body: bytes) -> Answer:
        return Answer(self.line.status, self._headers, b"" if self._without_body else body)


class Endpoint:
    """Every operation of one path."""

    def __init__(self, lines: Iterable[Line], desk: Desk) -> None:
        self._operations = {line.method: Operation(line, desk) for line in lines}
        if "GET" in self._operations:
            self._operations["HEAD"] = self._operations["GET"]
        self.methods = tuple(self._operations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = requests.of(scope)
        operation = self._operations[incoming.method]
        incoming.route = operation.line.path
        answer = await operation.answer(scope, incoming, receive)
        await send_answer(answer, send, with_body=incoming.method != "HEAD")
