"""NFO files, as Kodi and the Arr apps write them."""

from revenge.library_scanner.nfo.reading import NfoUnreadable, parse_nfo, read_nfo

__all__ = ["NfoUnreadable", "parse_nfo", "read_nfo"]
