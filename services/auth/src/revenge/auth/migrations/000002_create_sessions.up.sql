-- A session is one sign-in on one device. Its refresh tokens come in generations: those up to
-- used_generation are used up, the last of them at used_at.
create table session (
    id              uuid primary key default uuidv7(),
    account_id      uuid not null references account on delete cascade,
    device_name     text,
    user_agent      text,
    ip_address      text,
    used_generation int not null default 0,
    used_at         timestamptz not null default now(),
    created_at      timestamptz not null default now(),
    expires_at      timestamptz not null
);

create index session_account on session (account_id, used_at);
create index session_expires_at on session (expires_at);

create table refresh_token (
    digest     bytea primary key,
    session_id uuid not null references session on delete cascade,
    generation int not null,
    issued_at  timestamptz not null default now()
);

create index refresh_token_session on refresh_token (session_id);
