"""What lies around a video and belongs to it: extras, subtitles, art and NFO files."""

from revenge.library_scanner.names.extras import ExtraKind, extra_kind
from revenge.library_scanner.neighbours.sidecars import Sidecar, read_sidecar
from revenge.library_scanner.neighbours.surroundings import Neighbours, Surroundings

__all__ = ["ExtraKind", "Neighbours", "Sidecar", "Surroundings", "extra_kind", "read_sidecar"]
