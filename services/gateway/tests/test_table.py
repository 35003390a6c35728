"""The table as a whole: nothing forgotten, nothing open that should not be."""

from __future__ import annotations

import re

import pytest

from revenge.contracts import Rpc, auth, catalog, movies, tvshows
from revenge.contracts.services import DOMAINS
from revenge.gateway.routes import TABLE
from revenge.gateway.table import Line, parameters

INTERNAL = {
    auth.identify_key.subject: "the gateway itself asks who owns a key",
    auth.get_keys.subject: "the gateway itself verifies tokens",
    catalog.find_media.subject: "the playback service asks for the file",
    movies.get_documents.subject: "the search indexer asks",
    tvshows.get_series_documents.subject: "the search indexer asks",
    tvshows.get_episode_documents.subject: "the search indexer asks",
}

PUBLIC = {
    ("GET", "/api/v1/setup"),
    ("POST", "/api/v1/setup"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
}

# The original's operations that belong to these subject matters, with the status of success.
ORIGINAL = """
POST   /api/v1/auth/login 200
POST   /api/v1/auth/logout 204
POST   /api/v1/auth/refresh 200
POST   /api/v1/auth/change-password 204
GET    /api/v1/movies 200
GET    /api/v1/movies/search 200
GET    /api/v1/movies/recently-added 200
GET    /api/v1/movies/top-rated 200
GET    /api/v1/movies/continue-watching 200
GET    /api/v1/movies/watch-history 200
GET    /api/v1/movies/stats 200
GET    /api/v1/movies/{id} 200
GET    /api/v1/movies/{id}/files 200
GET    /api/v1/movies/{id}/genres 200
GET    /api/v1/movies/{id}/progress 200
POST   /api/v1/movies/{id}/progress 200
DELETE /api/v1/movies/{id}/progress 204
POST   /api/v1/movies/{id}/watched 204
POST   /api/v1/movies/{id}/refresh 202
GET    /api/v1/tvshows 200
GET    /api/v1/tvshows/search 200
GET    /api/v1/tvshows/recently-added 200
GET    /api/v1/tvshows/continue-watching 200
GET    /api/v1/tvshows/stats 200
GET    /api/v1/tvshows/episodes/recent 200
GET    /api/v1/tvshows/{id} 200
GET    /api/v1/tvshows/{id}/seasons 200
GET    /api/v1/tvshows/{id}/episodes 200
GET    /api/v1/tvshows/{id}/genres 200
GET    /api/v1/tvshows/{id}/watch-stats 200
GET    /api/v1/tvshows/{id}/next-episode 200
POST   /api/v1/tvshows/{id}/refresh 202
GET    /api/v1/tvshows/seasons/{id} 200
GET    /api/v1/tvshows/seasons/{id}/episodes 200
GET    /api/v1/tvshows/episodes/{id} 200
GET    /api/v1/tvshows/episodes/{id}/files 200
GET    /api/v1/tvshows/episodes/{id}/progress 200
PUT    /api/v1/tvshows/episodes/{id}/progress 200
DELETE /api/v1/tvshows/episodes/{id}/progress 204
POST   /api/v1/tvshows/episodes/{id}/watched 204
POST   /api/v1/tvshows/episodes/bulk-watched 200
GET    /api/v1/search/movies 200
GET    /api/v1/search/movies/autocomplete 200
GET    /api/v1/search/movies/facets 200
POST   /api/v1/search/reindex 202
POST   /api/v1/search/tvshows/reindex 202
GET    /api/v1/search/tvshows 200
GET    /api/v1/search/tvshows/autocomplete 200
GET    /api/v1/search/tvshows/facets 200
GET    /api/v1/search/multi 200
GET    /api/v1/users/me 200
PUT    /api/v1/users/me 200
GET    /api/v1/users/{userId} 200
GET    /api/v1/apikeys 200
POST   /api/v1/apikeys 201
GET    /api/v1/apikeys/{keyId} 200
DELETE /api/v1/apikeys/{keyId} 204
GET    /api/v1/admin/users 200
DELETE /api/v1/admin/users/{userId} 204
GET    /api/v1/genres 200
GET    /api/v1/libraries 200
POST   /api/v1/libraries 201
GET    /api/v1/libraries/{libraryId} 200
PUT    /api/v1/libraries/{libraryId} 200
DELETE /api/v1/libraries/{libraryId} 204
POST   /api/v1/libraries/{libraryId}/scan 202
GET    /api/v1/libraries/{libraryId}/scans 200
GET    /api/v1/libraries/{libraryId}/permissions 200
POST   /api/v1/libraries/{libraryId}/permissions 201
DELETE /api/v1/libraries/{libraryId}/permissions/{userId} 204
POST   /api/v1/playback/sessions 201
GET    /api/v1/playback/sessions/{sessionId} 200
DELETE /api/v1/playback/sessions/{sessionId} 204
POST   /api/v1/playback/sessions/{sessionId}/heartbeat 204
"""


def test_every_question_of_the_contracts_can_be_asked_or_is_internal_for_a_reason() -> None:
    asked = {line.rpc.subject for line in TABLE}
    known = {
        contract.subject for domain in DOMAINS for contract in domain if isinstance(contract, Rpc)
    }

    assert asked | INTERNAL.keys() == known
    assert not asked & INTERNAL.keys()


def test_every_operation_needs_a_permission_but_those_before_signing_in() -> None:
    open_to_all = {(line.method, line.path) for line in TABLE if line.needs is None}

    assert open_to_all == PUBLIC


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line.method} {line.path}")
def test_a_permission_is_a_resource_and_an_action(line: Line) -> None:
    assert line.needs is None or re.fullmatch(r"[a-z]+:[a-z]+", line.needs)


@pytest.mark.parametrize("operation", ORIGINAL.strip().splitlines())
def test_an_operation_of_the_original_is_there_with_its_status(operation: str) -> None:
    method, path, status = operation.split()

    (line,) = [line for line in TABLE if (line.method, line.path) == (method, path)]

    assert line.status == int(status)


def test_no_two_lines_answer_the_same_operation() -> None:
    shapes = [
        (line.method, re.sub(r"\{\w+\}", "{}", path)) for line in TABLE for path in line.paths
    ]

    assert len(shapes) == len(set(shapes))


def test_only_replies_that_depend_on_visible_libraries_alone_are_kept() -> None:
    kept = {line.needs for line in TABLE if line.fresh}

    assert kept == {"movies:list", "movies:get", "tvshows:list", "tvshows:get", "genres:list"}


def test_whatever_takes_a_secret_is_held_back_when_it_is_tried_too_often() -> None:
    guessing = {line.path for line in TABLE if line.guesses}

    assert guessing == {
        "/api/v1/setup",
        "/api/v1/auth/login",
        "/api/v1/auth/refresh",
        "/api/v1/auth/change-password",
    }


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/api/v1/tvshows", "/api/v1/tv"),
        ("/api/v1/tvshows/episodes/{id}", "/api/v1/tv/episodes/{id}"),
    ],
)
def test_shows_have_a_short_path_as_well(path: str, short: str) -> None:
    (line,) = [line for line in TABLE if line.path == path and line.method == "GET"]

    assert line.paths == (path, short)


def test_a_parameter_of_the_original_fills_the_field_of_the_contract() -> None:
    found = parameters("/api/v1/libraries/{libraryId}/permissions/{userId}")

    assert found == {"libraryId": "library_id", "userId": "user_id"}
