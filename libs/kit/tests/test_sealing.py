import pytest

from revenge.kit.sealing import Unreadable, Vault


def test_what_is_sealed_can_be_opened_at_its_place() -> None:
    vault = Vault("a secret for tests", "tests")

    assert vault.open(vault.seal(b"plain", "t.c:1"), "t.c:1") == b"plain"


def test_the_same_is_sealed_differently_every_time() -> None:
    vault = Vault("a secret for tests", "tests")

    assert vault.seal(b"plain", "t.c:1") != vault.seal(b"plain", "t.c:1")


def test_what_is_sealed_cannot_be_moved_to_another_row() -> None:
    vault = Vault("a secret for tests", "tests")

    with pytest.raises(Unreadable):
        vault.open(vault.seal(b"plain", "t.c:1"), "t.c:2")


@pytest.mark.parametrize(
    "other", [Vault("another secret", "tests"), Vault("a secret for tests", "others")]
)
def test_another_secret_or_purpose_opens_nothing(other: Vault) -> None:
    sealed = Vault("a secret for tests", "tests").seal(b"plain", "t.c:1")

    with pytest.raises(Unreadable):
        other.open(sealed, "t.c:1")


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12, b"x" * 64])
def test_what_was_never_sealed_is_unreadable(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        Vault("a secret for tests", "tests").open(sealed, "t.c:1")
