from pathlib import Path

import pytest

from revenge.embedded.testing._npm import NodeUnavailable, installed

PACKAGE = '{"name": "greeting", "private": true}'
LOCK = '{"name": "greeting", "lockfileVersion": 3, "requires": true, "packages": {"": {}}}'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One without packages: it needs no registry. The cache is one of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "greeting"
    folder.mkdir()
    (folder / "package.json").write_text(PACKAGE)
    (folder / "package-lock.json").write_text(LOCK)
    (folder / "greet.mjs").write_text("console.log('hello')")
    return folder


@pytest.fixture
def place(program: Path) -> Path:
    try:
        return installed(program)
    except NodeUnavailable as missing:
        pytest.skip(str(missing))


def test_a_program_is_installed_once(program: Path, place: Path) -> None:
    assert (place / "greet.mjs").read_text() == "console.log('hello')"
    assert installed(program) == place


def test_a_program_that_has_changed_is_installed_anew(program: Path, place: Path) -> None:
    (program / "greet.mjs").write_text("console.log('good evening')")

    assert installed(program) != place


def test_a_machine_without_npm_is_told_so(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(NodeUnavailable, match="node and npm are not installed"):
        installed(program)
