"""`revenge user`: accounts, for whoever has forgotten the way in through the front door."""

from __future__ import annotations

import sys

import rich_click as click

from revenge.contracts.auth import CreateUser, Role, create_user
from revenge.embedded.cli import asking
from revenge.embedded.cli.screen import say
from revenge.embedded.datadir import Data
from revenge.embedded.suite import operator


@click.group()
def user() -> None:
    """Manage accounts."""


@user.command()
@click.argument("username")
@click.option("--admin", is_flag=True, help="An administrator, who may do everything.")
@click.option("--email", metavar="ADDRESS")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@asking.data_option
def add(
    username: str, admin: bool, email: str | None, password_stdin: bool, folder: str | None
) -> None:
    """Add an account; asks for its password."""
    data = asking.existing_data(folder)
    role = Role.ADMIN if admin else Role.USER
    request = CreateUser(username, _password(password_stdin), email, role=role)
    asking.run(_add(data, request))
    say(f"{username} can sign in now, as {role}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on: give it with --password-stdin")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


async def _add(data: Data, request: CreateUser) -> None:
    async with operator.asking(data) as bus:
        await bus.call(create_user, request)
