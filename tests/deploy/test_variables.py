"""The list of all variables that steer Revenge."""

import importlib
from collections.abc import Iterator
from importlib.resources import files

from revenge.contracts.services import SERVICES
from revenge.embedded.suite.external import ExternalSettings, variable_of
from revenge.embedded.suite.settings import SuiteSettings
from revenge.kit import variables
from revenge.kit.settings import Settings


def everyones() -> Iterator[type[Settings]]:
    yield from (SuiteSettings, ExternalSettings)
    for service in SERVICES:
        module = importlib.import_module(f"{service.package}.__main__")
        yield next(
            kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, Settings) and kind is not Settings
        )


def test_no_variable_is_missing_and_none_is_left_over() -> None:
    needed = {variable for settings in everyones() for variable in variables.of(settings)}
    needed |= {variable_of(service) for service in SERVICES}
    listed = "".join(f"{variable}\n" for variable in sorted(needed))

    file = files("revenge.kit").joinpath("variables.txt")
    assert file.read_text("utf-8") == listed, f"{file} should be:\n{listed}"
