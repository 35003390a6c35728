import pytest

from revenge.auth import rules
from revenge.contracts import EVERYTHING
from revenge.contracts.auth import Role, Scope


def test_every_role_may_do_what_the_role_below_it_may() -> None:
    assert rules.GUEST < rules.USER < rules.MODERATOR


def test_a_guest_watches_but_keeps_no_place() -> None:
    assert "playback:stream" in rules.GUEST
    assert "playback:progress" not in rules.GUEST
    assert "watch:write" not in rules.GUEST


def test_only_an_administrator_manages_jobs_and_makes_users() -> None:
    assert not {"jobs:list", "users:create", "users:delete"} & rules.MODERATOR
    assert rules.permissions_of(Role.ADMIN) == {EVERYTHING}


def test_a_key_for_reading_neither_changes_nor_deletes() -> None:
    held = rules.permissions_of(Role.MODERATOR, [Scope.READ])

    assert "movies:list" in held
    assert "playback:stream" in held
    assert not {"movies:update", "movies:delete", "playback:progress", "libraries:scan"} & held


def test_a_key_for_writing_also_reads() -> None:
    held = rules.permissions_of(Role.USER, [Scope.WRITE])

    assert {"movies:list", "playback:progress", "watch:write"} <= held


def test_a_key_never_holds_more_than_its_owner() -> None:
    for scope in Scope:
        assert rules.permissions_of(Role.USER, [scope]) <= rules.USER


def test_an_administrators_key_for_reading_is_not_an_administrator() -> None:
    held = rules.permissions_of(Role.ADMIN, [Scope.READ])

    assert EVERYTHING not in held
    assert "jobs:list" in held
    assert "jobs:update" not in held


def test_a_key_for_all_holds_all_of_its_owner() -> None:
    assert rules.permissions_of(Role.ADMIN, [Scope.READ, Scope.ADMIN]) == {EVERYTHING}
    assert rules.permissions_of(Role.USER, [Scope.ADMIN]) == rules.USER


@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE])
@pytest.mark.parametrize("role", list(Role))
def test_a_narrowed_key_can_make_no_keys(role: Role, scope: Scope) -> None:
    assert "apikeys:create" not in rules.permissions_of(role, [scope])


def test_nobody_gives_away_more_than_they_have() -> None:
    assert rules.goes_beyond(frozenset({EVERYTHING}), rules.MODERATOR)
    assert not rules.goes_beyond(rules.MODERATOR, frozenset({EVERYTHING}))
    assert not rules.goes_beyond(rules.GUEST, rules.USER)


@pytest.mark.parametrize(
    "password", ["password", "PASSWORD", "Password123!", "12345678", "aaaaaaaaa", "alice_at_home"]
)
def test_what_is_guessed_first_is_weak(password: str) -> None:
    assert rules.is_weak(password, "Alice_at_Home")


@pytest.mark.parametrize("password", ["correct horse battery", "Tr0ub4dor&3", "ünïcödé-is-fine"])
def test_other_passwords_are_not_weak(password: str) -> None:
    assert not rules.is_weak(password, "alice")
