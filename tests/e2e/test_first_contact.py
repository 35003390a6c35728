"""What a person finds who has just started Revenge on a folder of media."""

import signal
import subprocess

import httpx2
import pytest
from tests.e2e.suite import Suite

pytestmark = pytest.mark.xdist_group("suite")


def test_the_start_says_what_it_does_and_where_it_is(suite: Suite) -> None:
    assert "postgres" in suite.output
    assert "Revenge is ready" in suite.output
    assert suite.url in suite.output


def test_every_component_is_healthy(suite: Suite) -> None:
    components = suite.components()

    assert len(components) == 12
    assert [name for name, found in components.items() if not found["healthy"]] == []


def test_the_doctor_finds_nothing(suite: Suite) -> None:
    examined = suite.run("doctor")

    assert examined.returncode == 0, examined.stdout
    assert "Everything is well." in examined.stdout


def test_setting_up_is_over_once_there_is_an_administrator(suite: Suite) -> None:
    with suite.client() as client:
        asked = client.get("/api/v1/setup")
        token = (suite.data / "secrets" / "setup-token").read_text()
        tried = client.post(
            "/api/v1/setup",
            json={"token": token, "username": "mallory", "password": "let me in please"},
        )

    assert asked.json() == {"completed": True, "todo": []}
    assert tried.status_code == 409


def test_the_documentation_works_without_the_internet(suite: Suite) -> None:
    with suite.client() as client:
        page = client.get("/api/docs")
        described = client.get("/api/openapi.json")

    assert page.status_code == 200
    assert "https://" not in page.text.replace("https://www.apache.org", "")
    assert described.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", ["live", "ready", "startup"])
def test_probes_answer_on_the_public_port(suite: Suite, path: str) -> None:
    with suite.client() as client:
        assert client.get(f"/health/{path}").status_code == 200


def test_metrics_are_a_thousand_ports_further(suite: Suite) -> None:
    found = httpx2.get(f"http://127.0.0.1:{suite.port + 1000}/metrics", trust_env=False)

    assert found.status_code == 200
    assert "revenge_http_requests_total" in found.text


def test_a_second_start_on_the_same_data_is_refused(suite: Suite) -> None:
    second = suite.run("up")

    assert second.returncode == 1
    assert f"pid {suite.process.pid if suite.process else ''}" in second.stderr


def test_a_scan_from_the_command_line_says_what_it_found(suite: Suite) -> None:
    scanned = suite.run("scan", "Movies")

    assert scanned.returncode == 0, scanned.stderr
    assert "Movies: completed, 3 files, 0 new" in scanned.stdout


def test_an_unknown_library_is_named_with_those_that_there_are(suite: Suite) -> None:
    scanned = suite.run("scan", "Moovies")

    assert scanned.returncode == 1
    assert "there is no library 'Moovies'; there are: Movies, TV Shows" in scanned.stderr


def test_a_password_that_is_too_short_is_refused_in_words(suite: Suite) -> None:
    tried = suite.run("user", "add", "bob", "--password-stdin", given="x\n")

    assert tried.returncode == 1
    assert tried.stderr.startswith("revenge: password: ")


def test_events_are_followed_until_somebody_has_seen_enough(suite: Suite) -> None:
    following = subprocess.Popen(
        suite.command("events", "--after", "0"),
        env=suite.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert following.stdout is not None

    first = following.stdout.readline()
    following.send_signal(signal.SIGINT)
    _, complaints = following.communicate(timeout=120)

    assert first.startswith("1\t")
    assert (following.returncode, complaints) == (0, "")
