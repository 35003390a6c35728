"""Settings come from the environment over a file over defaults, and wrong ones name themselves."""

from pathlib import Path

import pytest

from revenge.kit import settings


class Toy(settings.Settings, frozen=True, kw_only=True):
    database: settings.Database


URL = {"REVENGE_DATABASE_URL": "postgresql://there"}


def test_what_is_not_set_has_its_default() -> None:
    loaded = settings.load(Toy, URL)

    assert loaded.database.max_conns == 6
    assert loaded.nats.url == "nats://127.0.0.1:4222"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "revenge.yaml"
    file.write_text("logging: {level: debug, format: json}\n")

    loaded = settings.load(
        Toy, {**URL, "REVENGE_CONFIG": str(file), "REVENGE_LOGGING_LEVEL": "error"}
    )

    assert (loaded.logging.level, loaded.logging.format) == ("error", "json")


def test_a_name_with_an_underscore_is_found() -> None:
    assert settings.load(Toy, {**URL, "REVENGE_DATABASE_MAX_CONNS": "3"}).database.max_conns == 3


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2hunter2\n")

    loaded = settings.load(Toy, {**URL, "REVENGE_NATS_PASSWORD_FILE": str(tmp_path / "password")})

    assert loaded.nats.password == "hunter2hunter2"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "REVENGE_DATABASE_URL"),
        ({**URL, "REVENGE_DATABASE_MAX_CONNS": "many"}, "REVENGE_DATABASE_MAX_CONNS"),
        ({**URL, "REVENGE_NATS_PASSWORD_FILE": "/nowhere"}, "REVENGE_NATS_PASSWORD_FILE"),
        ({**URL, "REVENGE_CONFIG": "/nowhere.yaml"}, "/nowhere.yaml"),
        ({**URL, "REVENGE_LOGGING_LEVEL": "loud"}, "LOGGING.* debug, info, warning, error"),
        ({**URL, "REVENGE_LOGGING_FORMAT": "xml"}, "LOGGING.* text, json"),
    ],
)
def test_a_wrong_setting_names_itself(environ: dict[str, str], named: str) -> None:
    with pytest.raises(settings.SettingsInvalid, match=named):
        settings.load(Toy, environ)
