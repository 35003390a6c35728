"""What names, addresses and secrets must look like."""

from typing import Annotated

from msgspec import Meta

Username = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=30,
        pattern="^[a-zA-Z0-9_-]+$",
        description="letters, digits, _ and -",
    ),
]
Password = Annotated[str, Meta(min_length=8, max_length=1024)]
Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Token = Annotated[str, Meta(min_length=1, max_length=4096)]
