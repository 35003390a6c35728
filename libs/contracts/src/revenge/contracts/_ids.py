"""Identifiers: one type each, so that a FileId can never be passed for a MovieId."""

from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
ApiKeyId = NewType("ApiKeyId", UUID)
LibraryId = NewType("LibraryId", UUID)
ScanId = NewType("ScanId", UUID)
FileId = NewType("FileId", UUID)
MovieId = NewType("MovieId", UUID)
SeriesId = NewType("SeriesId", UUID)
SeasonId = NewType("SeasonId", UUID)
EpisodeId = NewType("EpisodeId", UUID)
PlaybackId = NewType("PlaybackId", UUID)
