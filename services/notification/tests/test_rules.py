from datetime import UTC, datetime
from uuid import uuid4

import pytest

from revenge.contracts import (
    EpisodeId,
    LibraryId,
    MovieId,
    SeriesId,
    UserId,
    auth,
    library,
    movies,
    notification,
    tvshows,
)
from revenge.contracts.notices import category_of
from revenge.contracts.notification import Category
from revenge.contracts.services import NOTIFICATION
from revenge.notification import rules


@pytest.mark.parametrize("event", NOTIFICATION.listens, ids=lambda event: event.type)
def test_every_announced_event_has_a_category(event: object) -> None:
    assert isinstance(category_of(getattr(event, "type")), Category)  # noqa: B009 - any event


@pytest.mark.parametrize(
    ("event_type", "category"),
    [
        ("movie.added", Category.CONTENT),
        ("episode.updated", Category.CONTENT),
        ("library.scan_done", Category.LIBRARY),
        ("user.created", Category.USER),
        ("auth.login_failed", Category.AUTH),
        ("playback.started", Category.PLAYBACK),
        ("watch.changed", Category.PLAYBACK),
        ("system.startup", Category.SYSTEM),
    ],
)
def test_the_prefix_of_an_event_is_its_category(event_type: str, category: Category) -> None:
    assert category_of(event_type) is category


def test_two_empty_lists_want_everything() -> None:
    assert rules.wants((), (), "movie.added")


def test_either_list_may_name_an_event() -> None:
    assert rules.wants(("movie.added",), (Category.AUTH,), "movie.added")
    assert rules.wants(("movie.added",), (Category.AUTH,), "auth.login_failed")
    assert not rules.wants(("movie.added",), (Category.AUTH,), "movie.deleted")


def test_what_comes_several_times_a_second_must_be_named() -> None:
    assert not rules.wants((), (), "library.scan_progressed")
    assert not rules.wants((), (Category.LIBRARY,), "library.scan_progressed")
    assert rules.wants(("library.scan_progressed",), (), "library.scan_progressed")


def test_a_notice_has_the_id_and_time_of_its_event() -> None:
    payload = movies.MovieEvent(MovieId(uuid4()), "Heat", ())
    headers = {"ce-id": "the-id", "ce-time": "2026-11-20T12:00:00Z"}

    found = rules.notice(movies.movie_added, payload, headers, "m")

    assert (found.id, found.type) == ("the-id", "movie.added")
    assert found.timestamp == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert b'"title":"Heat"' in bytes(found.data)
    assert found.target_id == payload.movie_id
    assert found.user_id is None


def test_a_notice_names_the_user_whom_it_is_about() -> None:
    user = UserId(uuid4())

    created = rules.notice(auth.user_created, auth.UserEvent(user, "alice"), {}, "m")
    login = rules.notice(auth.login_failed, auth.LoginAttempted("alice", user), {}, "m")

    assert created.user_id == created.target_id == user
    assert login.user_id == user


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        (tvshows.series_added, tvshows.SeriesEvent(SeriesId(uuid4()), "Dark", ())),
        (
            tvshows.episode_added,
            tvshows.EpisodeEvent(EpisodeId(uuid4()), SeriesId(uuid4()), "Dark", 1, 1, "One", ()),
        ),
        (library.library_deleted, library.LibraryDeleted(LibraryId(uuid4()), "Films", ())),
    ],
)
def test_a_notice_names_what_it_is_about(event: object, payload: object) -> None:
    found = rules.notice(event, payload, {}, "m")  # type: ignore[arg-type]

    first_field = payload.__struct_fields__[0]  # type: ignore[attr-defined]
    assert found.target_id == getattr(payload, first_field)


def test_the_death_of_a_delivery_is_no_news_for_webhooks() -> None:
    subject = notification.deliver_webhook.subject

    assert rules.is_own_failure(notification.JobDied("dead-1", subject, "answered 500"))
    assert not rules.is_own_failure(notification.JobDied("dead-1", "job.low.auth.clean_up", "x"))
    assert not rules.is_own_failure(notification.SystemEvent("x"))
