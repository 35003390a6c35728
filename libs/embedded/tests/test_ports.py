"""Free ports, and who holds one that is not."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from revenge.embedded.ports import (
    LOOPBACK,
    AddressUnusable,
    PortTaken,
    free_ports,
    is_free,
    require_free,
)


@pytest.fixture
def taken() -> Iterator[int]:
    (port,) = free_ports(1)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
        yield port


def test_ports_are_free_and_different() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
    assert all(is_free(port) for port in ports)


def test_nobody_else_is_given_a_port_before_its_server_listens() -> None:
    (port,) = free_ports(1)
    chosen = "from revenge.embedded.ports import hold; import sys; print(hold(int(sys.argv[1])))"

    other = subprocess.run(
        [sys.executable, "-c", chosen, str(port)], capture_output=True, text=True, check=False
    )

    assert other.stdout.strip() == "False"


def test_a_taken_port_names_the_process_that_holds_it(taken: int) -> None:
    with pytest.raises(PortTaken, match=rf"port {taken} is taken by .*\(pid {os.getpid()}\)"):
        require_free(taken)


def test_a_port_taken_on_loopback_is_not_free_for_all_addresses(taken: int) -> None:
    with pytest.raises(PortTaken):
        require_free(taken, "0.0.0.0")  # noqa: S104  what the public port binds to


def test_a_free_port_is_let_pass() -> None:
    (port,) = free_ports(1)

    require_free(port)


@pytest.mark.parametrize("host", ["192.0.2.1", "there.is.no.such.host.invalid"])
def test_an_address_that_is_not_of_this_machine_is_no_port_that_is_taken(host: str) -> None:
    (port,) = free_ports(1)

    with pytest.raises(AddressUnusable, match=rf"listen on {host}, .*; set REVENGE_SERVER_HOST"):
        require_free(port, host)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine knows no IPv6")
def test_an_address_may_be_one_of_ipv6() -> None:
    (port,) = free_ports(1)

    require_free(port, "::1")
