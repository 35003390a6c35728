"""What somebody believes to be a setting is named, before they wonder why it does nothing."""

import pytest

from revenge.kit import variables


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("REVENGE_DATABASE_MAX_CONN", "; is REVENGE_DATABASE_MAX_CONNS meant?"),
        ("REVENGE_LOG_LEVEL", "; is REVENGE_LOGGING_LEVEL meant?"),
        ("REVENGE_NATS_PASWORD_FILE", "; is REVENGE_NATS_PASSWORD meant?"),
        ("REVENGE_SAUSAGES", ""),
    ],
)
def test_a_stranger_is_named_with_the_nearest_setting(name: str, said: str) -> None:
    assert variables.strangers({name: "hunter2"}) == {name: f"{name} is no setting{said}"}


@pytest.mark.parametrize(
    "name",
    [
        "REVENGE_NATS_URL",
        "REVENGE_NATS_PASSWORD_FILE",
        "REVENGE_CONFIG",
        "REVENGE_PLAYBACK_SECRET",  # of one service, in the environment of all
        "REVENGE_PASSWORD_AUTH",
        "REVENGER_TICKETS",
        "PATH",
    ],
)
def test_others_are_let_be(name: str) -> None:
    assert variables.strangers({name: "x"}) == {}
