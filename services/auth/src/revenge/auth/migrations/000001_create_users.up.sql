-- Names and addresses are unique whatever their case, among those that are not deleted.
create table account (
    id             uuid primary key default uuidv7(),
    username       text not null,
    email          text,
    password_hash  text not null,
    role           text not null check (role in ('admin', 'moderator', 'user', 'guest')),
    display_name   text,
    avatar_url     text,
    locale         text not null default 'en-US',
    timezone       text not null default 'UTC',
    qar_enabled    boolean not null default false,
    is_active      boolean not null default true,
    email_verified boolean not null default false,
    last_login_at  timestamptz,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    deleted_at     timestamptz
);

create unique index account_username on account (lower(username)) where deleted_at is null;
create unique index account_email on account (lower(email)) where deleted_at is null;
