"""Project the contracts into a folder: one reviewable file for each subject, and asyncapi.json.

python -m revenge.contracts proto
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from revenge.contracts import projection


def main(target: Path) -> None:
    """Write the documents; remove those of contracts that are gone."""
    wanted = {target / "asyncapi.json": projection.asyncapi()}
    for domain, contract in projection.contracts():
        path = target / "schemas" / domain.name / f"{contract.subject}.json"
        wanted[path] = projection.schema(contract)
    for stale in set((target / "schemas").rglob("*.json")) - set(wanted):
        stale.unlink()
    for path, document in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(document))


def encode(document: dict[str, Any]) -> bytes:
    """Indented and in a fixed order, so that a difference is a change."""
    return (
        msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=2) + b"\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
