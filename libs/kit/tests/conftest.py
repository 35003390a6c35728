import pytest

from revenge.contracts.services import Service


@pytest.fixture(scope="session")
def service() -> Service:
    """A service that owns nothing but what the kit gives every one."""
    return Service("kit", "revenge.kit", schemas=("kit",))
