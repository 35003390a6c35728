"""What the library scanner answers, and what it reacts to."""

from revenge.library_scanner.handlers import libraries, permissions, scans

__all__ = ["libraries", "permissions", "scans"]
