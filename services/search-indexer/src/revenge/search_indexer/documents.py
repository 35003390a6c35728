"""Documents on their way into the index."""

from __future__ import annotations

from typing import Any

import msgspec

from revenge.contracts.movies import MovieDocument
from revenge.contracts.tvshows import EpisodeDocument, SeriesDocument

AnyDocument = MovieDocument | SeriesDocument | EpisodeDocument

MOST_CAST = 20  # names of a title's cast that are searched


def encode(document: AnyDocument) -> bytes:
    """One line of JSON: what is not known is left out, so that it sorts last."""
    fields: dict[str, Any] = {
        name: value for name, value in msgspec.to_builtins(document).items() if value is not None
    }
    # one word each: dashes separate words here
    fields["library_ids"] = [library.hex for library in document.library_ids]
    if not isinstance(document, EpisodeDocument):
        fields["cast"] = fields["cast"][:MOST_CAST]
    return msgspec.json.encode(fields)
