"""Segments as pure functions of a file, a track, a rung and a number."""
