"""`revenge scan --dry-run`: what would be made of a folder, as a table or as plain lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from revenge.contracts.library import Kind, LibraryType
from revenge.contracts.media import HdrKind, Media, SubtitleStream
from revenge.embedded.cli.screen import bar, console
from revenge.embedded.errors import EmbeddedError
from revenge.library_scanner.names import Name
from revenge.library_scanner.preview import Preview, Remark, Title, look
from revenge.library_scanner.walk import RootMissing, RootUnreadable

DONE = 0
UNREADABLE = 1
NOTHING = 3
WIDE = 120  # columns of a terminal

_COLUMNS = (
    *("title", "year", "episode", "edition", "quality", "subtitles", "art", "nfo"),
    *("length", "picture", "file"),
)
_SHORT = {"year", "episode", "quality", "nfo", "length", "picture"}
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class FolderUnusable(EmbeddedError):
    """The folder is not there, or it cannot be read."""


def dry_run(folder: Path, kind: LibraryType, *, with_probe: bool = False) -> int:
    """Show it; the exit code says whether all of it could be read, and whether there is anything.

    Raises `FolderUnusable`.
    """
    root = str(folder.absolute())
    try:
        with bar(f"looking at {shown(str(folder))}"):
            found = look(root, kind)
            if with_probe:
                found = _probed(root, found)
    except (RootMissing, RootUnreadable) as error:
        raise FolderUnusable(str(error)) from error
    if console.is_terminal:
        show(found, console)
    else:
        for line in lines(found):
            print(line)  # noqa: T201 - as it is: no markup, no wrapping
    if found.unreadable:
        return UNREADABLE
    return DONE if found.titles else NOTHING


def _probed(root: str, found: Preview) -> Preview:
    from revenge.library_scanner.preview.probing import probe  # noqa: PLC0415 - it takes 0.5 s

    return probe(root, found)


def lines(found: Preview) -> Iterator[str]:
    """One for each file, its fields set apart by tabs: what it is, its path, and what is known.

    The fields of a probe come last, and only after one.
    """
    for title in found.titles:
        *known, length, picture, path = _row(title)
        probed = (length, picture) if title.media else ()
        yield "\t".join((title.name.kind.value, path, *known, *probed))
    for extra in found.extras:
        yield "\t".join(("extra", shown(extra.path), extra.kind.value))
    for what, remarks in (("ignored", found.ignored), ("unreadable", found.unreadable)):
        for remark in remarks:
            yield "\t".join((what, *_remark(remark)))


def shown(text: str) -> str:
    """Without what a terminal would act upon or not show: it is written as its number."""
    return "".join(
        char.encode("unicode_escape", "surrogatepass").decode("ascii")
        if unicodedata.category(char) in _UNPRINTABLE
        else char
        for char in text
    )


def show(found: Preview, to: Console) -> None:
    """As tables; where there is little room, a title's file stands below its name."""
    for kind, heading in ((Kind.MOVIE, "Films"), (Kind.EPISODE, "Episodes")):
        rows = [_row(title) for title in found.titles if title.name.kind is kind]
        if to.width < WIDE:
            rows = [(f"{row[0]}\n{row[-1]}", *row[1:-1], "") for row in rows]
        _table(to, heading, _COLUMNS, rows)
    extras = ((shown(extra.path), extra.kind.value) for extra in found.extras)
    _table(to, "Extras", ("file", "kind"), extras)
    _table(to, "Ignored", ("file", "why"), map(_remark, found.ignored))
    _table(to, "Unreadable", ("file", "why"), map(_remark, found.unreadable), style="red")
    to.print(_summary(found))


def _table(
    to: Console,
    heading: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    style: str = "bold",
) -> None:
    """Without the columns that are empty in all rows; nothing without rows."""
    kept = list(rows)
    used = [number for number in range(len(columns)) if any(row[number] for row in kept)]
    table = Table(title=heading, title_justify="left", title_style=style, box=None)
    for number in used:
        table.add_column(columns[number], overflow="fold", no_wrap=columns[number] in _SHORT)
    for row in kept:
        table.add_row(*(_cell(row[number]) for number in used))
    if kept:
        to.print(table)
        to.print()


def _cell(text: str) -> Text:
    first, *below = text.splitlines() or [""]
    return Text.assemble(first, *(("\n" + line, "dim") for line in below))


def _summary(found: Preview) -> str:
    films = sum(title.name.kind is Kind.MOVIE for title in found.titles)
    return (
        f"{films} films, {len(found.titles) - films} episodes, {len(found.extras)} extras, "
        f"{len(found.ignored)} ignored, {len(found.unreadable)} unreadable"
    )


def _row(title: Title) -> Sequence[str]:
    name, around = title.name, title.neighbours
    return (
        shown(name.title),
        str(name.year or ""),
        _number(name),
        shown(name.edition or "") + (f" part {name.part}" if name.part else ""),
        shown(name.quality or ""),
        ", ".join(map(_subtitle, around.subtitles)),
        ", ".join(dict.fromkeys(art.type for art in (*around.art, *around.series_art))),
        "nfo" if around.nfo or around.series_nfo else "",
        str(timedelta(seconds=round(title.media.duration))) if title.media else "",
        _picture(title.media) if title.media else "",
        shown(title.path),
    )


def _picture(media: Media) -> str:
    """As it is coded, of the first track; `sdr` is not worth a word."""
    if not media.video:
        return "none"
    video = media.video[0]
    hdr = "" if video.hdr is HdrKind.SDR else f" {video.hdr.value}"
    return f"{video.width}x{video.height}{hdr}"


def _remark(remark: Remark) -> Sequence[str]:
    return shown(remark.path), shown(remark.reason)


def _number(name: Name) -> str:
    """`S01E02-E03`, `12` of an absolute count, or the day."""
    if name.kind is Kind.MOVIE:
        return ""
    if name.date:
        return name.date
    if name.season is None:
        return "-".join(str(number) for number in name.absolute or name.episodes)
    return f"S{name.season:02}" + "-".join(f"E{number:02}" for number in name.episodes)


def _subtitle(track: SubtitleStream) -> str:
    flags = ("forced", track.forced), ("sdh", track.hearing_impaired), ("default", track.default)
    said = [track.language or "?", *(name for name, is_set in flags if is_set)]
    return shown(" ".join([*said, *([f"({track.title})"] if track.title else [])]))
