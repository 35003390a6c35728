import pytest

from revenge.auth.settings import AuthSettings
from revenge.kit.settings import SettingsInvalid, load

ENOUGH = {
    "REVENGE_DATABASE_URL": "postgresql://localhost/revenge",
    "REVENGE_AUTH_SECRET": "sixteen letters or more",
}


def test_the_secret_is_all_that_must_be_set_besides_the_database() -> None:
    found = load(AuthSettings, ENOUGH)

    assert found.auth.access_token_seconds == 3600
    assert found.auth.sessions_per_user == 10


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"REVENGE_AUTH_SECRET": "short"}, "REVENGE_AUTH_SECRET"),
        ({"REVENGE_ADMIN_USERNAME": "a b", "REVENGE_ADMIN_PASSWORD": "x" * 9}, "ADMIN_USERNAME"),
        (
            {"REVENGE_ADMIN_USERNAME": "alice", "REVENGE_ADMIN_PASSWORD": "x"},
            "REVENGE_ADMIN_PASSWORD has 8 characters or more",
        ),
        ({"REVENGE_ADMIN_USERNAME": "alice"}, "REVENGE_ADMIN_PASSWORD"),
        (
            {"REVENGE_ADMIN_USERNAME": "alice", "REVENGE_ADMIN_PASSWORD": "Password123"},
            "REVENGE_ADMIN",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_and_names_itself(
    variables: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        load(AuthSettings, ENOUGH | variables)


def test_a_refused_password_is_not_repeated() -> None:
    variables = {"REVENGE_ADMIN_USERNAME": "alice", "REVENGE_ADMIN_PASSWORD": "Password123"}

    with pytest.raises(SettingsInvalid) as refused:
        load(AuthSettings, ENOUGH | variables)

    assert "Password123" not in str(refused.value)
