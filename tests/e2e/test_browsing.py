"""Titles as clients see them."""

import httpx2
import pytest

pytestmark = pytest.mark.xdist_group("suite")


def film(client: httpx2.Client, title: str) -> dict[str, object]:
    found = client.get("/api/v1/movies", params={"order_by": "title"}).json()["items"]
    return next(item for item in found if item["title"] == title)


def test_two_versions_of_a_film_are_one_film(admin: httpx2.Client) -> None:
    listed = admin.get("/api/v1/movies", params={"order_by": "title"}).json()

    assert [item["title"] for item in listed["items"]] == ["The Glass Harbour", "Salt and Iron"]
    assert listed["total"] == 2


def test_a_film_is_described_by_its_nfo(admin: httpx2.Client) -> None:
    found = film(admin, "The Glass Harbour")

    assert found["year"] == 2019
    assert found["imdb_id"] == "tt9000001"
    assert found["tmdb_id"] == 9000001
    assert found["overview"] == "A lighthouse keeper finds a city under the ice."
    assert found["vote_average"] == 7.4


def test_files_come_with_all_their_streams(admin: httpx2.Client) -> None:
    harbour = film(admin, "The Glass Harbour")
    files = admin.get(f"/api/v1/movies/{harbour['id']}/files").json()

    best = max(files, key=lambda file: file["media"]["video"][0]["height"])
    assert len(files) == 2
    assert best["container"] == "matroska"
    assert best["video_codec"] == "h264"
    assert best["duration_seconds"] == 20
    assert [track["language"] for track in best["media"]["audio"]] == ["eng", "ger"]
    assert [track["codec"] for track in best["media"]["subtitles"]] == ["subrip"]
    assert [chapter["title"] for chapter in best["media"]["chapters"]] == ["Above", "Below"]


def test_genres_are_counted(admin: httpx2.Client) -> None:
    genres = {genre["slug"]: genre for genre in admin.get("/api/v1/genres").json()}

    assert genres["drama"]["movie_count"] == 1
    assert genres["drama"]["tvshow_count"] == 1
    assert genres["science-fiction"]["name"] == "Science Fiction"


def test_a_show_has_seasons_and_episodes(admin: httpx2.Client) -> None:
    (show,) = admin.get("/api/v1/tvshows").json()["items"]
    seasons = admin.get(f"/api/v1/tv/{show['id']}/seasons").json()
    episodes = admin.get(f"/api/v1/tvshows/{show['id']}/episodes").json()

    assert show["title"] == "Northern Line"
    assert (show["total_seasons"], show["total_episodes"]) == (2, 3)
    assert [season["season_number"] for season in seasons] == [1, 2]
    assert [(e["season_number"], e["episode_number"]) for e in episodes] == [(1, 1), (1, 2), (2, 1)]


def test_the_next_episode_follows_the_one_that_was_watched(admin: httpx2.Client) -> None:
    (show,) = admin.get("/api/v1/tvshows").json()["items"]
    episodes = admin.get(f"/api/v1/tvshows/{show['id']}/episodes").json()

    admin.post(f"/api/v1/tvshows/episodes/{episodes[0]['id']}/watched", json={})
    following = admin.get(f"/api/v1/tvshows/{show['id']}/next-episode").json()

    assert following["id"] == episodes[1]["id"]


def test_an_unchanged_reply_is_not_sent_again(admin: httpx2.Client) -> None:
    first = admin.get("/api/v1/movies")
    second = admin.get("/api/v1/movies", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "private, max-age=60"
    assert second.status_code == 304
    assert second.content == b""


def test_a_poster_comes_in_the_size_that_is_asked_for(admin: httpx2.Client) -> None:
    from io import BytesIO  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    path = film(admin, "The Glass Harbour")["poster_path"]
    answer = admin.get(f"/api/v1/images/poster/w342{path}", headers={"accept": "image/jpeg"})
    again = admin.get(
        f"/api/v1/images/poster/w342{path}",
        headers={"accept": "image/jpeg", "if-none-match": answer.headers["etag"]},
    )

    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.content)).size == (342, 513)
    assert "immutable" in answer.headers["cache-control"]
    assert again.status_code == 304


def test_searching_forgives_a_slip_of_the_pen(admin: httpx2.Client) -> None:
    found = admin.get("/api/v1/search/movies", params={"q": "glas harbor"}).json()

    assert [hit["document"]["title"] for hit in found["hits"]] == ["The Glass Harbour"]


def test_one_search_finds_all_kinds(admin: httpx2.Client) -> None:
    found = admin.get("/api/v1/search/multi", params={"q": "northern"}).json()

    assert found["tvshows"]["hits"][0]["document"]["title"] == "Northern Line"
    assert found["episodes"]["total_hits"] == 3
    assert found["movies"]["total_hits"] == 0


def test_facets_count_what_there_is(admin: httpx2.Client) -> None:
    facets = admin.get("/api/v1/search/movies/facets").json()

    assert {"value": "Drama", "count": 1} in facets["genres"]
