"""Images over HTTP, from real files."""

from __future__ import annotations

import asyncio
import io
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from PIL import Image

from revenge.kit import Database, http
from revenge.metadata.images.app import App
from revenge.metadata.images.images import Images

Make = Callable[..., Path]
Register = Callable[[Path], Awaitable[str]]


@pytest.fixture
async def client(db: Database, tmp_path: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    async with (
        Images.open(db, tmp_path / "images", 10**9) as images,
        http.serving(App(images), "127.0.0.1", 0) as port,
        httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api/v1/images", timeout=60
        ) as connected,
    ):
        yield connected


def image_of(answer: httpx2.Response) -> Image.Image:
    return Image.open(io.BytesIO(answer.content))


async def test_an_image_is_resized_for_those_who_take_webp(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    id = await registered(picture("poster.jpg", (1000, 1500)))

    answer = await client.get(f"/poster/w342/{id}.jpg", headers={"accept": "image/webp,*/*"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept"
    assert image_of(answer).format == "WEBP"
    assert image_of(answer).size == (342, 513)


async def test_others_get_jpeg_or_png_where_something_is_transparent(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    opaque = await registered(picture("poster.webp", (800, 1200)))
    transparent = await registered(picture("logo.png", (800, 300), "LA"))

    jpeg = await client.get(f"/poster/w185/{opaque}.jpg")
    png = await client.get(f"/logo/w185/{transparent}.jpg")

    assert (jpeg.headers["content-type"], image_of(jpeg).format) == ("image/jpeg", "JPEG")
    assert (png.headers["content-type"], image_of(png).format) == ("image/png", "PNG")
    assert image_of(png).mode == "RGBA"


async def test_an_image_is_never_made_larger(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    id = await registered(picture("small.png", (100, 150)))

    answer = await client.get(f"/poster/w780/{id}.jpg")

    assert image_of(answer).size == (100, 150)


async def test_some_sizes_are_heights(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    id = await registered(picture("face.jpg", (1000, 2000)))

    answer = await client.get(f"/profile/h632/{id}.jpg")

    assert image_of(answer).size == (316, 632)


async def test_a_picture_on_its_side_is_turned(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    id = await registered(picture("turned.jpg", (1500, 1000), exif=exif))

    answer = await client.get(f"/poster/w500/{id}.jpg")

    assert image_of(answer).size == (500, 750)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.avif"])
async def test_an_original_is_the_file_itself(
    client: httpx2.AsyncClient,
    registered: Register,
    picture: Make,
    name: str,
) -> None:
    path = picture(name)
    id = await registered(path)

    answer = await client.get(f"/poster/original/{id}.jpg")

    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == f"image/{name[2:].replace('jpg', 'jpeg')}"


async def test_a_large_original_arrives_whole(
    client: httpx2.AsyncClient, registered: Register, tmp_path: Path
) -> None:
    path = tmp_path / "noise.png"
    Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000)).save(path)

    answer = await client.get(f"/backdrop/original/{await registered(path)}.png")

    assert answer.content == path.read_bytes()


async def test_what_a_client_has_is_not_sent_again(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    url = f"/poster/w185/{await registered(picture('poster.jpg'))}.jpg"
    first = await client.get(url)

    by_tag = await client.get(url, headers={"if-none-match": f'"x", {first.headers["etag"]}'})
    by_time = await client.get(url, headers={"if-modified-since": first.headers["last-modified"]})
    other = await client.get(url, headers={"if-none-match": '"x"'})

    assert (by_tag.status_code, by_time.status_code, other.status_code) == (304, 304, 200)
    assert by_tag.headers["etag"] == first.headers["etag"]
    assert by_tag.content == b""


async def test_the_tag_differs_with_the_format(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    url = f"/poster/w185/{await registered(picture('poster.jpg'))}.jpg"

    jpeg = await client.get(url)
    webp = await client.get(url, headers={"accept": "image/webp"})

    assert jpeg.headers["etag"] != webp.headers["etag"]


async def test_head_tells_all_but_the_image(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    url = f"/poster/w185/{await registered(picture('poster.jpg'))}.jpg"

    head, get = await client.head(url), await client.get(url)

    assert head.content == b""
    assert head.headers["content-length"] == str(len(get.content))
    assert head.headers["etag"] == get.headers["etag"]


async def test_an_unknown_id_is_not_found(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/poster/w185/{uuid4().hex}.jpg")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/image_not_found",
        "title": "Image not found",
        "status": 404,
        "detail": "There is no such image.",
        "code": 404,
        "message": "There is no such image.",
    }


async def test_wrong_requests_are_told_what_is_wrong(client: httpx2.AsyncClient) -> None:
    size = await client.get(f"/poster/w1/{uuid4().hex}.jpg")
    traversal = await client.get("/poster/original/..%2f..%2f..%2fetc%2fpasswd")
    method = await client.post(f"/poster/w185/{uuid4().hex}.jpg")

    assert (size.status_code, traversal.status_code, method.status_code) == (400, 404, 405)
    assert "w185, w342" in size.json()["detail"]
    assert method.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0 no jpeg at all",
        b"not an image",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\x00\x00\x00",
    ],
)
async def test_a_damaged_image_is_not_found_and_says_why(
    client: httpx2.AsyncClient,
    registered: Register,
    tmp_path: Path,
    content: bytes,
) -> None:
    path = tmp_path / "damaged.jpg"
    path.write_bytes(content)
    id = await registered(path)

    resized = await client.get(f"/poster/w185/{id}.jpg")
    original = await client.get(f"/poster/original/{id}.jpg")

    assert (resized.status_code, original.status_code) == (404, 404)
    assert "damaged" in resized.json()["detail"]


async def test_a_truncated_image_is_not_found(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    path = picture("cut.png", (500, 500))
    path.write_bytes(path.read_bytes()[:-200])

    answer = await client.get(f"/poster/original/{await registered(path)}.jpg")

    assert answer.status_code == 404


async def test_an_image_that_would_fill_the_memory_is_refused(
    client: httpx2.AsyncClient, registered: Register, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (9000, 9000)).save(path)

    answer = await client.get(f"/poster/w185/{await registered(path)}.jpg")

    assert answer.status_code == 404


async def test_a_file_that_is_gone_or_another_one_is_not_found(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    gone, changed = picture("gone.jpg"), picture("changed.jpg")
    first, second = await registered(gone), await registered(changed)
    gone.unlink()
    picture("changed.jpg", (10, 10))

    absent = await client.get(f"/poster/w185/{first}.jpg")
    other = await client.get(f"/poster/w185/{second}.jpg")

    assert (absent.status_code, other.status_code) == (404, 404)
    assert "gone" in absent.json()["detail"]
    assert "next scan" in other.json()["detail"]


async def test_a_pipe_in_a_files_place_holds_nothing_up(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    path = picture("pipe.jpg")
    id = await registered(path)
    path.unlink()
    os.mkfifo(path)

    answer = await client.get(f"/poster/w185/{id}.jpg")

    assert answer.status_code == 404


async def test_an_image_that_was_drawn_outlives_its_file(
    client: httpx2.AsyncClient, registered: Register, picture: Make
) -> None:
    path = picture("poster.jpg")
    url = f"/poster/w185/{await registered(path)}.jpg"
    first = await client.get(url)
    path.unlink()

    assert (await client.get(url)).content == first.content


async def test_many_who_ask_at_once_get_one_drawing(
    client: httpx2.AsyncClient,
    registered: Register,
    picture: Make,
    tmp_path: Path,
) -> None:
    url = f"/poster/w500/{await registered(picture('poster.jpg', (2000, 3000)))}.jpg"

    answers = await asyncio.gather(*(client.get(url) for _ in range(20)))

    assert len({answer.content for answer in answers}) == 1
    assert len(list((tmp_path / "images").glob("*/*"))) == 1


async def test_a_port_that_is_taken_stops_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(http.PortTaken, match="in use"):
            async with http.serving(None, "127.0.0.1", taken):
                pass
