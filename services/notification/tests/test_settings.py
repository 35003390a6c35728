import pytest

from revenge.kit.settings import SettingsInvalid, load
from revenge.notification.settings import NotificationSettings

DATABASE = {"REVENGE_DATABASE_URL": "postgresql://localhost/revenge"}


@pytest.mark.parametrize("variables", [{}, {"REVENGE_NOTIFICATION_SECRET": "short"}])
def test_the_secret_must_be_set_and_long_enough(variables: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="REVENGE_NOTIFICATION_SECRET"):
        load(NotificationSettings, DATABASE | variables)
