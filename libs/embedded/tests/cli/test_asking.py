"""What commands make of their environment."""

import os

import pytest

from revenge.embedded.cli import asking


def test_what_is_no_setting_is_said_once_and_without_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REVENGE_SERVER_PROT", "hunter2")
    monkeypatch.setenv("REVENGE_SERVER_PORT", "8096")

    asking.turn_away_strangers()
    asking.turn_away_strangers()

    said = capsys.readouterr().err
    assert said == "revenge: REVENGE_SERVER_PROT is no setting; is REVENGE_SERVER_PORT meant?\n"
    assert "REVENGE_SERVER_PROT" not in os.environ
    assert os.environ["REVENGE_SERVER_PORT"] == "8096"
