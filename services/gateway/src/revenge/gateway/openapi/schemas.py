"""The JSON Schemas of all that is sent and answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import inspect

from revenge.contracts import Nothing
from revenge.contracts.notification import Category, Notice
from revenge.gateway.reading import FROM_CLIENT
from revenge.gateway.table import BODIED, Line, parameters
from revenge.kit.health import Report
from revenge.kit.problems import Problem

# A JSON object on its way into the document, where every key is one that OpenAPI defines.
Json = dict[str, Any]

SCHEMAS = "#/components/schemas/{name}"


class Schemas:
    """The JSON Schemas of all that is sent and answered, by type."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._bodies = {line: body for line in lines if (body := body_of(line)) is not None}
        types: list[Any] = [Problem, Notice, Category, Report, *self._bodies.values()]
        types += [line.rpc.reply for line in lines if line.rpc.reply is not Nothing]
        for line in lines:
            types += [field.type for field in fields_of(line)]
        found, self.components = msgspec.json.schema_components(types, ref_template=SCHEMAS)
        self._found = dict(zip(types, found, strict=True))
        self._say_what_is_a_moment(types)

    def of(self, kind: Any) -> Json:
        return dict(self._found[kind])

    def body(self, line: Line) -> Json | None:
        body = self._bodies.get(line)
        return None if body is None else self.of(body)

    def _say_what_is_a_moment(self, types: Iterable[Any]) -> None:
        for struct, field in moments(inspect.multi_type_info(types)):
            schema = self.components[struct]["properties"][field]
            for choice in schema.get("anyOf", [schema]):
                if choice["type"] == "string":
                    choice["format"] = "date-time"


def moments(
    types: Iterable[inspect.Type], seen: set[type] | None = None
) -> Iterator[tuple[str, str]]:
    """Every field that is a date and time, with the name of its struct."""
    seen = set() if seen is None else seen
    for kind in types:
        if isinstance(kind, inspect.StructType) and kind.cls not in seen:
            seen.add(kind.cls)
            for field in kind.fields:
                if any(isinstance(part, inspect.DateTimeType) for part in _parts(field.type)):
                    yield kind.cls.__name__, field.encode_name
                yield from moments(_parts(field.type), seen)
        elif not isinstance(kind, inspect.StructType):
            yield from moments([part for part in _parts(kind) if part is not kind], seen)


def _parts(kind: inspect.Type) -> Iterator[inspect.Type]:
    """A type itself, and what it is made of."""
    yield kind
    match kind:
        case inspect.UnionType():
            for part in kind.types:
                yield from _parts(part)
        case inspect.ListType() | inspect.VarTupleType() | inspect.FrozenSetType():
            yield from _parts(kind.item_type)
        case inspect.DictType():
            yield from _parts(kind.value_type)
        case inspect.Metadata():
            yield from _parts(kind.type)
        case _:
            return


def fields_of(line: Line) -> list[Any]:
    """What a client may say: the fields of the request, without those of its path."""
    return [
        field for field in msgspec.structs.fields(line.rpc.request) if field.name not in FROM_CLIENT
    ]


def body_of(line: Line) -> type[msgspec.Struct] | None:
    """The type of a body: the request, less what comes from elsewhere. None where there is none."""
    if line.method not in BODIED:
        return None
    from_path = parameters(line.path).values()
    free = [field for field in fields_of(line) if field.name not in from_path]
    if not free:
        return None
    if len(free) == len(msgspec.structs.fields(line.rpc.request)):
        return line.rpc.request
    return msgspec.defstruct(
        f"{line.rpc.request.__name__}Body",
        [(field.name, field.type, _default(field)) for field in free if not field.required]
        + [(field.name, field.type) for field in free if field.required],
        kw_only=True,
        namespace={"__doc__": line.rpc.request.__doc__},
    )


def _default(field: Any) -> Any:
    if field.default is msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory)
    return field.default
