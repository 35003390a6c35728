"""The gateway's own pages: that it runs, and what it can do. They fetch nothing from elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from importlib import resources

import msgspec
import yaml

from revenge.gateway import incoming as requests
from revenge.gateway.asgi import NO_CACHE, Answer, App, Receive, Scope, Send, send_answer
from revenge.gateway.replies import matches
from revenge.kit.problems import MethodNotAllowed

OWN_FILES_ONLY = (
    b"content-security-policy",
    (
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        b"img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
)

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the one in C, where it is

HTML = "text/html; charset=utf-8"
CSS = "text/css; charset=utf-8"
JS = "text/javascript; charset=utf-8"

FILES = (
    ("/", "home.html", HTML),
    ("/api/docs", "docs.html", HTML),
    ("/api/docs/docs.js", "docs.js", JS),
    ("/api/docs/pages.css", "pages.css", CSS),
)


class Page:
    """Bytes that do not change while the server runs. They are made when first asked for."""

    def __init__(self, path: str, media_type: str, make: Callable[[], bytes]) -> None:
        self.path = path
        self._media_type = media_type.encode()
        self._make = make
        self._answer: Answer | None = None

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        incoming = requests.of(scope)
        incoming.route = self.path
        if incoming.method not in ("GET", "HEAD"):
            raise MethodNotAllowed("GET, HEAD")
        if self._answer is None:
            self._answer = self._answer_with(await asyncio.to_thread(self._make))
        answer = self._answer
        _, _, etag, _ = answer.headers
        if matches(incoming.headers.get(b"if-none-match", b""), etag[1]):
            answer = Answer(304, (NO_CACHE, etag))
        await send_answer(answer, send, with_body=incoming.method == "GET")

    def _answer_with(self, body: bytes) -> Answer:
        etag = b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
        kind = (b"content-type", self._media_type)
        return Answer(200, (kind, NO_CACHE, (b"etag", etag), OWN_FILES_ONLY), body)


def pages(describe: Callable[[], bytes]) -> dict[str, App]:
    """By path: the pages, and the OpenAPI document that they show."""
    folder = resources.files("revenge.gateway.pages")
    found = [Page(path, kind, (folder / name).read_bytes) for path, name, kind in FILES]
    found.append(Page("/api/openapi.json", "application/json", describe))
    found.append(Page("/api/openapi.yaml", "application/yaml", lambda: in_yaml(describe())))
    return {page.path: page for page in found}


def in_yaml(document: bytes) -> bytes:
    text = yaml.dump(
        msgspec.json.decode(document), Dumper=DUMPER, sort_keys=False, allow_unicode=True
    )
    return text.encode()
