"""A file is known by what is in it."""

from pathlib import Path

import pytest

from revenge.library_scanner.probe.fingerprint import fingerprint

SIZE = 1_000_000


def write(path: Path, *changed: int) -> str:
    raw = bytearray(SIZE)
    for at in changed:
        raw[at] = 1
    path.write_bytes(raw)
    return fingerprint(str(path))


def test_a_copy_has_the_same_fingerprint(tmp_path: Path) -> None:
    assert write(tmp_path / "a") == write(tmp_path / "b")


@pytest.mark.parametrize("at", [0, 65_535, SIZE // 2, SIZE - 1])
def test_a_change_at_the_start_middle_or_end_is_seen(tmp_path: Path, at: int) -> None:
    assert write(tmp_path / "a") != write(tmp_path / "b", at)


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 131_072])
def test_small_files_have_one_too(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(b"x" * size)
    (tmp_path / "b").write_bytes(b"x" * size + b"y")

    assert fingerprint(str(tmp_path / "a")).startswith(f"{size:x}-")
    assert fingerprint(str(tmp_path / "a")) != fingerprint(str(tmp_path / "b"))


def test_a_missing_file_has_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fingerprint(str(tmp_path / "gone"))
