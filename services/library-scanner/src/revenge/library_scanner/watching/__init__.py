"""Watching the folders of libraries: what changes there is looked at when it stands still.

One replica watches a library. What is heard of changes is a hint of where to look; a sweep of the
whole library, when the watching begins and every quarter of an hour, is the truth behind it.
"""

from revenge.library_scanner.watching.libraries import watch_all

__all__ = ["watch_all"]
