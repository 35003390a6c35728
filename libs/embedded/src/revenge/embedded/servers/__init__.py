"""Real servers from wheels: where each one is, how it is prepared, started, asked and reached."""

from revenge.embedded.servers._server import Server, program
from revenge.embedded.servers.ffmpeg import Ffmpeg
from revenge.embedded.servers.nats import Nats, NatsUser
from revenge.embedded.servers.postgres import InitdbFailed, Postgres
from revenge.embedded.servers.typesense import JoinFailed, Typesense
from revenge.embedded.servers.valkey import Valkey

__all__ = [
    "Ffmpeg",
    "InitdbFailed",
    "JoinFailed",
    "Nats",
    "NatsUser",
    "Postgres",
    "Server",
    "Typesense",
    "Valkey",
    "program",
]
