"""Parts of requests that many lists share."""

from typing import Annotated

from msgspec import Meta

Limit = Annotated[int, Meta(ge=1, le=100, description="how many at most")]
Offset = Annotated[int, Meta(ge=0, description="how many to skip")]
Seconds = Annotated[int, Meta(ge=0, le=10_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
