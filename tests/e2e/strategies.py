"""Requests drawn from the API's own description: such as fit it, and such as almost do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
Json = st.SearchStrategy[Any]

ANYTHING: Json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
ODD_TEXT = st.text(max_size=60) | st.sampled_from(
    ["", "0", "-1", "%", "' or 1=1 --", "a" * 5000, "\0", "../..", "null", "[]", "1e400", "\ud7ff"]
)
SIMPLE: dict[Any, Json] = {
    "number": st.floats(0, 1e6),
    "boolean": st.booleans(),
    "null": st.none(),
}
LONGEST_TEXT = 40
HARMLESS = {  # what a server would go to
    "url": st.sampled_from(["http://127.0.0.1:9/", "https://[::1]:9/a?b", "http://", "x", ""]),
    "paths": st.lists(st.just("/nowhere/") | st.text().map("/nowhere/{}".format), max_size=3),
}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    described: Schema

    @property
    def success(self) -> int:
        return next(int(status) for status in self.described["responses"] if status < "300")

    @property
    def reply(self) -> Schema | None:
        """Of the body when all is well."""
        content = self.described["responses"][str(self.success)].get("content", {})
        return content.get("application/json", {}).get("schema")

    @property
    def body(self) -> Schema | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    def parameters(self, place: str) -> list[Schema]:
        return [p for p in self.described.get("parameters", []) if p["in"] == place]


@dataclass(frozen=True)
class Requests:
    """Draws for one description. `ids` are of things that there are."""

    description: Schema
    ids: list[str] = field(default_factory=list[str])

    def operations(self) -> list[Operation]:
        return [
            Operation(method.upper(), path, described)
            for path, methods in self.description["paths"].items()
            for method, described in methods.items()
        ]

    def path(self, operation: Operation) -> st.SearchStrategy[dict[str, str]]:
        known = st.nothing() if operation.method == "DELETE" else st.sampled_from(self.ids)
        names = [parameter["name"] for parameter in operation.parameters("path")]
        return st.fixed_dictionaries(
            {n: known | known | st.uuids().map(str) | ODD_TEXT for n in names}
        )

    def query(self, operation: Operation) -> st.SearchStrategy[dict[str, str]]:
        drawn = {
            parameter["name"]: self.value(parameter["schema"]).map(_as_text) | ODD_TEXT
            for parameter in operation.parameters("query")
        }
        return st.fixed_dictionaries({}, optional=drawn)

    def content(self, operation: Operation) -> Json:
        """The value of a body: as described, with one member changed, or something else."""
        if operation.body is None:
            return st.none()
        fitting = self.value(operation.body)
        return fitting | st.builds(_changed, fitting, st.integers(0, 20), ANYTHING) | ANYTHING

    def value(self, schema: Schema) -> Json:
        """What the schema allows."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.value(self.description["components"]["schemas"][name])
        if "anyOf" in schema:
            return st.one_of(*map(self.value, schema["anyOf"]))
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        return self._of_type(schema)

    def _of_type(self, schema: Schema) -> Json:
        match schema.get("type"):
            case "string":
                return self._text(schema)
            case "integer":
                low, high = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1)
                return st.integers(low, high) | st.integers(max(low, 0), min(high, 100))
            case "array":
                least = schema.get("minItems", 0)
                items = self.value(schema.get("items", {}))
                return st.lists(items, min_size=least, max_size=least + 3)
            case "object":
                return self._object(schema)
            case other:
                return SIMPLE.get(other, ANYTHING)

    def _text(self, schema: Schema) -> Json:
        if schema.get("format") == "uuid":
            return st.sampled_from(self.ids) | st.uuids().map(str)
        if schema.get("format") == "date-time":
            return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
        if "pattern" in schema:
            return st.from_regex(schema["pattern"])
        least = schema.get("minLength", 0)
        most = min(schema.get("maxLength", LONGEST_TEXT), least + LONGEST_TEXT)
        return st.text(min_size=least, max_size=most)

    def _object(self, schema: Schema) -> Json:
        members = {
            name: HARMLESS[name] if name in HARMLESS else self.value(member)
            for name, member in schema.get("properties", {}).items()
        }
        required = {name: members.pop(name) for name in schema.get("required", [])}
        return st.fixed_dictionaries(required, optional=members)


def _changed(value: Any, number: int, other: Any) -> Any:
    """With another value for one of its members, unless a server would go there."""
    free = sorted(value.keys() - HARMLESS.keys()) if isinstance(value, dict) else []
    return {**value, free[number % len(free)]: other} if free else value


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower()
