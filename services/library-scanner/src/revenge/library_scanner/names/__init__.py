"""What the path of a file says about it."""

from revenge.library_scanner.names.extras import ExtraKind, extra_kind
from revenge.library_scanner.names.folders import season_folder
from revenge.library_scanner.names.name import Name
from revenge.library_scanner.names.parser import parse

__all__ = ["ExtraKind", "Name", "extra_kind", "parse", "season_folder"]
