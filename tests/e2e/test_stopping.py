"""However the start is told to end, it ends in order and can begin again."""

import signal
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.e2e.suite import Suite, eventually

pytestmark = [pytest.mark.xdist_group("stopping"), pytest.mark.timeout(600)]


@pytest.fixture
def suite() -> Generator[Suite]:
    # not below pytest's folder: PostgreSQL may run as another user, who cannot go through that
    with tempfile.TemporaryDirectory(prefix="revenge-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        root.chmod(0o755)
        (root / "media").mkdir()
        running = Suite(root, root / "media")
        try:
            yield running
        finally:
            running.kill()


def end(suite: Suite, *signals: signal.Signals) -> int:
    assert suite.process is not None
    for sign in signals:
        suite.process.send_signal(sign)
    return suite.process.wait(timeout=120)


def has_stopped_in_order(suite: Suite) -> bool:
    postgres = (suite.data / "logs" / "postgres.log").read_text()
    return (
        suite.output.endswith("Everything has stopped.\n")
        and postgres.endswith("database system is shut down\n")
        and not (suite.data / "run" / "suite.json").exists()
    )


def test_impatience_and_a_closed_terminal_stop_it_in_order(suite: Suite) -> None:
    """The second start is given a folder of which no library can be made: there is one inside."""
    suite.start()
    eventually(lambda: f"+ library media (mixed): {suite.media}" in suite.output)

    assert end(suite, signal.SIGINT, signal.SIGINT, signal.SIGTERM) == 0  # Ctrl-C again and again
    assert has_stopped_in_order(suite), suite.diagnosis()

    suite.media = suite.root
    suite.start()
    eventually(lambda: f"no library was made of {suite.root}: " in suite.output)

    assert end(suite, signal.SIGHUP) == 0  # the terminal was closed
    assert has_stopped_in_order(suite), suite.diagnosis()
