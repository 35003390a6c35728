"""Processes that read media, which a damaged file can take down with it."""
