"""Logs: readable ones while developing, JSON lines with trace ids in production."""

from __future__ import annotations

import inspect
import logging
import sys
from typing import TYPE_CHECKING, Any

import msgspec
from loguru import logger

from revenge.kit import telemetry

if TYPE_CHECKING:
    from loguru import Message, Record

READABLE = (
    "<dim>{time:HH:mm:ss.SSS}</dim> <level>{level:<7}</level> <cyan>{extra[service]}</cyan> "
    "{message} <dim>{extra[trace_id]}</dim>\n{exception}"
)


def configure(service: str, level: str, *, as_json: bool) -> None:
    """Send every log of this process, whoever writes it, to standard error in one form."""
    logger.remove()
    logger.configure(extra={"service": service, "trace_id": "", "span_id": ""}, patcher=_join)
    if as_json:
        logger.add(_write_json, level=level.upper(), diagnose=False, backtrace=False)
    else:
        # diagnose would print the values of variables, and so passwords and tokens
        logger.add(
            sys.stderr,
            level=level.upper(),
            format=lambda _: READABLE,
            diagnose=False,
            backtrace=False,
        )
    logging.basicConfig(handlers=[_Forwarding()], level=logging.WARNING, force=True)


def _join(record: Record) -> None:
    ids = telemetry.trace_ids()
    if ids is not None:
        record["extra"]["trace_id"], record["extra"]["span_id"] = ids


def _write_json(message: Message) -> None:
    record = message.record
    line: dict[str, Any] = {
        "time": record["time"],
        "level": record["level"].name.lower(),
        "message": record["message"],
        "logger": record["name"],
        **{key: value for key, value in record["extra"].items() if value != ""},
    }
    if record["exception"] is not None:
        line["exception"] = str(message).partition("\n")[2] or repr(record["exception"].value)
    sys.stderr.write(msgspec.json.encode(line, enc_hook=str).decode() + "\n")


class _Forwarding(logging.Handler):
    """Hands what libraries log through the standard library to loguru, names kept."""

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelname if record.levelname in logger._core.levels else record.levelno  # type: ignore[attr-defined]  # noqa: SLF001 - no public way to ask
        frame, depth = inspect.currentframe(), 0
        while frame and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            frame, depth = frame.f_back, depth + 1
        logger.opt(depth=depth, exception=record.exc_info).log(level, "{}", record.getMessage())
