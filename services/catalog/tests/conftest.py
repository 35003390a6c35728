from collections.abc import Iterator
from uuid import uuid4

import pytest

from revenge.contracts import Caller, LibraryId, services
from revenge.kit import acting_as
from revenge.kit.testing import an_admin


@pytest.fixture(scope="session")
def service() -> services.Service:
    return services.CATALOG


@pytest.fixture
def library() -> LibraryId:
    """A library of this test's own."""
    return LibraryId(uuid4())


@pytest.fixture
def admin() -> Iterator[Caller]:
    """Who asks, in this test, unless it says otherwise."""
    who = an_admin()
    with acting_as(who):
        yield who
