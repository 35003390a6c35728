"""Users, in the table `account` (`user` is a word of SQL)."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct
from psycopg.errors import UniqueViolation

from revenge.contracts import Conflict, UserId
from revenge.contracts.auth import EmailTaken, Role, User, UsernameTaken
from revenge.kit import Reading, Tx


class Credentials(Struct, frozen=True):
    id: UserId
    username: str
    password_hash: str
    is_active: bool


class NewUser(Struct, frozen=True):
    username: str
    password_hash: str
    role: Role
    email: str | None = None
    display_name: str | None = None


class Wanted(Struct, frozen=True):
    """What a list of users should hold; None: whichever."""

    query: str | None
    is_active: bool | None
    is_admin: bool | None


async def find_user(rows: Reading, id: UserId) -> User | None:
    return await rows.maybe(
        User,
        """
        select id, username, coalesce(email, '') as email, role, is_active,
               role = 'admin' as is_admin, email_verified, created_at, display_name, avatar_url,
               locale, timezone, qar_enabled, last_login_at
        from account
        where id = %(id)s
          and deleted_at is null
        """,
        id=id,
    )


async def list_users(rows: Reading, wanted: Wanted, limit: int, offset: int) -> list[User]:
    return await rows.all(
        User,
        """
        select id, username, coalesce(email, '') as email, role, is_active,
               role = 'admin' as is_admin, email_verified, created_at, display_name, avatar_url,
               locale, timezone, qar_enabled, last_login_at
        from account
        where deleted_at is null
          and (%(part)s::text is null
               or strpos(lower(username), lower(%(part)s)) > 0
               or strpos(lower(email), lower(%(part)s)) > 0)
          and (%(is_active)s::boolean is null or is_active = %(is_active)s)
          and (%(is_admin)s::boolean is null or (role = 'admin') = %(is_admin)s)
        order by lower(username)
        limit %(limit)s
        offset %(offset)s
        """,
        part=wanted.query,
        is_active=wanted.is_active,
        is_admin=wanted.is_admin,
        limit=limit,
        offset=offset,
    )


async def count_users(rows: Reading, wanted: Wanted) -> int:
    return await rows.one(
        int,
        """
        select count(*)
        from account
        where deleted_at is null
          and (%(part)s::text is null
               or strpos(lower(username), lower(%(part)s)) > 0
               or strpos(lower(email), lower(%(part)s)) > 0)
          and (%(is_active)s::boolean is null or is_active = %(is_active)s)
          and (%(is_admin)s::boolean is null or (role = 'admin') = %(is_admin)s)
        """,
        part=wanted.query,
        is_active=wanted.is_active,
        is_admin=wanted.is_admin,
    )


async def find_credentials(rows: Reading, name: str) -> Credentials | None:
    """By user name or e-mail address: no user name has an @, every address has one."""
    return await rows.maybe(
        Credentials,
        """
        select id, username, password_hash, is_active
        from account
        where deleted_at is null
          and (lower(username) = lower(%(name)s) or lower(email) = lower(%(name)s))
        """,
        name=name,
    )


async def find_own_credentials(rows: Reading, id: UserId) -> Credentials | None:
    return await rows.maybe(
        Credentials,
        """
        select id, username, password_hash, is_active
        from account
        where id = %(id)s
          and deleted_at is null
        """,
        id=id,
    )


async def has_administrator(rows: Reading) -> bool:
    return await rows.one(
        bool, "select exists (select 1 from account where role = 'admin' and deleted_at is null)"
    )


async def count_administrators(rows: Reading) -> int:
    return await rows.one(
        int,
        """
        select count(*)
        from account
        where role = 'admin'
          and is_active
          and deleted_at is null
        """,
    )


async def add_user(tx: Tx, new: NewUser) -> UserId:
    """Raises `UsernameTaken` or `EmailTaken`."""
    try:
        id = await tx.one(
            UUID,
            """
            insert into account (username, email, password_hash, role, display_name)
            values (%(username)s, %(email)s, %(password_hash)s, %(role)s, %(display_name)s)
            returning id
            """,
            username=new.username,
            email=new.email,
            password_hash=new.password_hash,
            role=new.role.value,
            display_name=new.display_name,
        )
    except UniqueViolation as error:
        raise _taken(error) from error
    return UserId(id)


async def is_timezone(rows: Reading, name: str) -> bool:
    """The database knows them; not every machine does."""
    return await rows.one(
        bool,
        """
        select exists (
            select 1
            from pg_timezone_names
            where name = %(name)s
        )
        """,
        name=name,
    )


async def change_profile(
    tx: Tx, id: UserId, email: str | None, display_name: str | None, timezone: str
) -> None:
    """Another address is not verified yet. Raises `EmailTaken`."""
    try:
        await tx.run(
            """
            update account
            set email = %(email)s,
                email_verified = email_verified and email = %(email)s,
                display_name = %(display_name)s,
                timezone = %(timezone)s,
                updated_at = now()
            where id = %(id)s
            """,
            id=id,
            email=email,
            display_name=display_name,
            timezone=timezone,
        )
    except UniqueViolation as error:
        raise _taken(error) from error


async def change_password(tx: Tx, id: UserId, password_hash: str, *, instead_of: str) -> bool:
    """False if the password is no longer the one that was checked."""
    changed = await tx.run(
        """
        update account
        set password_hash = %(password_hash)s,
            updated_at = now()
        where id = %(id)s
          and password_hash = %(instead_of)s
          and deleted_at is null
        """,
        id=id,
        password_hash=password_hash,
        instead_of=instead_of,
    )
    return changed == 1


async def note_login(tx: Tx, id: UserId) -> bool:
    """Locks the user until the transaction ends. False if they may not sign in any more."""
    noted = await tx.run(
        """
        update account
        set last_login_at = now()
        where id = %(id)s
          and is_active
          and deleted_at is null
        """,
        id=id,
    )
    return noted == 1


async def hold(tx: Tx, id: UserId) -> bool:
    """Locks the user until the transaction ends. False if there is none."""
    held = await tx.run(
        "select id from account where id = %(id)s and deleted_at is null for update", id=id
    )
    return held == 1


async def delete_user(tx: Tx, id: UserId) -> None:
    """The row stays for what refers to it; its names are free again, its password is gone."""
    await tx.run(
        """
        update account
        set deleted_at = now(),
            password_hash = '',
            is_active = false
        where id = %(id)s
        """,
        id=id,
    )


def _taken(error: UniqueViolation) -> Conflict:
    if error.diag.constraint_name == "account_email":
        return EmailTaken()
    return UsernameTaken()
