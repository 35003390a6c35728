"""A message as it was received: its headers are read when somebody asks for them."""

from __future__ import annotations

from functools import cached_property

from nats.aio.client import Client
from nats.aio.msg import Msg

from revenge.kit.wire import header, parse_head


class Received(Msg):
    def __init__(
        self, client: Client, subject: bytes, reply: bytes, head: bytes, data: bytes
    ) -> None:
        super().__init__(client, subject.decode(), reply.decode(), data)
        del self.headers  # which hides the property below
        self._head = head

    @cached_property
    def headers(self) -> dict[str, str]:  # type: ignore[override] # the library has it as a field
        return parse_head(self._head)

    def all_headers(self) -> dict[str, str]:
        return self.headers

    def value_of(self, name: str) -> str | None:
        """One of them, without the others."""
        return header(self._head, name)
