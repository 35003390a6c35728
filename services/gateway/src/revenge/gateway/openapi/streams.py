"""What is no request and reply, and so in no line of the table: events, streams, images, probes."""

from __future__ import annotations

from revenge.contracts.notification import Category, Notice
from revenge.gateway.openapi.schemas import SCHEMAS, Json, Schemas
from revenge.kit.health import Report

SECURITY: list[Json] = [{"bearerAuth": []}, {"apiKeyAuth": []}]


def streams(schemas: Schemas) -> dict[str, Json]:
    """By path."""
    return {
        "/api/v1/events": {"get": _events(schemas)},
        "/api/v1/playback/stream/{token}/{path}": {"get": _stream()},
        "/api/v1/images/{type}/{size}/{path}": {"get": _image()},
    } | {path: {"get": _probe(path, schemas)} for path in ("/healthz", "/readyz", "/startupz")}


def _events(schemas: Schemas) -> Json:
    text = {"type": "string"}
    return {
        "operationId": "events.follow",
        "summary": "Follow events",
        "description": "Server-sent events. `id` grows; `event` is the type; `data` is a Notice. "
        "Come back with `Last-Event-ID` for what was missed.",
        "tags": ["notification"],
        "security": [*SECURITY, {"queryToken": []}],
        "x-permission": "events:read",
        "parameters": [
            {
                "name": "categories",
                "in": "query",
                "style": "form",
                "explode": False,
                "schema": {"type": "array", "items": schemas.of(Category)},
            },
            {"name": "Last-Event-ID", "in": "header", "schema": text},
        ],
        "responses": {
            "200": {
                "description": "Events, for as long as the client listens",
                "content": {"text/event-stream": {"schema": schemas.of(Notice)}},
            },
            "default": problem("Any problem."),
        },
    }


def _stream() -> Json:
    return {
        "operationId": "playback.stream",
        "summary": "Stream",
        "description": "Playlists, segments, subtitles and files of a session, at the signed URLs "
        "that the session gives. `Range` is answered.",
        "tags": ["playback"],
        "security": [],
        "parameters": [_segment("token"), _segment("path")],
        "responses": _bytes("application/octet-stream", "The bytes, or a part of them"),
    }


def _image() -> Json:
    return {
        "operationId": "images.get",
        "summary": "Get image",
        "tags": ["images"],
        "security": [],
        "parameters": [_segment("type"), _segment("size"), _segment("path")],
        "responses": _bytes("image/*", "The image"),
    }


def _probe(path: str, schemas: Schemas) -> Json:
    report = {"application/json": {"schema": schemas.of(Report)}}
    return {
        "operationId": f"health.{path.strip('/')}",
        "summary": path.strip("/").capitalize(),
        "tags": ["health"],
        "security": [],
        "responses": {
            "200": {"description": "Healthy", "content": report},
            "503": {"description": "Unhealthy", "content": report},
        },
    }


def _segment(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _bytes(media_type: str, description: str) -> Json:
    return {
        "200": {"description": description, "content": {media_type: {}}},
        "default": problem("Any problem."),
    }


def problem(description: str) -> Json:
    schema = {"$ref": SCHEMAS.format(name="Problem")}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }
