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
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    role = Role.ADMIN if admin else Role.USER
    request = CreateUser(username, password, email, role=role)
    asking.run(_add(asking.existing_data(folder), request))
    say(f"{username} can sign in now, as {role}")


async def _add(data: Data, request: CreateUser) -> None:
    async with operator.asking(data) as bus:
        await bus.call(create_user, request)
