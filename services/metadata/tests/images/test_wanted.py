"""What a request asks for."""

from __future__ import annotations

import pytest

from revenge.metadata.images.wanted import ImageNotFound, SizeUnknown, parse, takes_webp

ID = "0123456789abcdef" * 2


def test_a_path_names_type_size_and_image() -> None:
    wanted = parse(f"/api/v1/images/poster/w342/{ID}.jpg", "image/webp")

    assert (wanted.id, wanted.size, wanted.webp) == (ID, "w342", True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/images/poster/w1/x.jpg",
        "/api/v1/images/poster/w1280/x.jpg",
        "/api/v1/images/people/w185/x.jpg",
        "/api/v1/images/../w185/x.jpg",
    ],
)
def test_unknown_types_and_sizes_are_told_apart_from_missing_images(path: str) -> None:
    with pytest.raises(SizeUnknown):
        parse(path, "")


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fetc%2fpasswd",
        "../../../../etc/passwd",
        "/etc/passwd",
        f"{ID}.jpg/..",
        f"{ID}.svg",
        f"{ID}",
        f"{ID.upper()}.jpg",
        f"{ID}.jpg\n",
        f"{ID[:-1]}.jpg",
        ".jpg",
        "",
    ],
)
def test_nothing_but_ids_is_looked_for(name: str) -> None:
    with pytest.raises(ImageNotFound):
        parse(f"/api/v1/images/poster/original/{name}", "")


@pytest.mark.parametrize(
    ("accept", "takes"),
    [
        ("image/avif,image/webp,*/*;q=0.8", True),
        ("image/webp;q=0.9", True),
        ("IMAGE/WEBP", True),
        ("image/webp;q=0", False),
        ("image/webp; q=0.0, image/jpeg", False),
        ("*/*", False),
        ("image/*", False),
        ("", False),
    ],
)
def test_webp_is_for_those_who_name_it(accept: str, takes: bool) -> None:
    assert takes_webp(accept) is takes


def test_an_original_is_the_same_for_all() -> None:
    path = f"/api/v1/images/logo/original/{ID}.png"

    assert parse(path, "image/webp").etag == parse(path, "").etag
