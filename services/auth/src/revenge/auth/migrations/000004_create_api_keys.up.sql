create table api_key (
    id           uuid primary key default uuidv7(),
    account_id   uuid not null references account on delete cascade,
    name         text not null,
    description  text,
    digest       bytea not null unique,
    key_prefix   text not null,
    scopes       text[] not null,
    expires_at   timestamptz,
    last_used_at timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);

create index api_key_account on api_key (account_id);
