create table library (
    id                  uuid primary key default uuidv7(),
    name                text not null,
    type                text not null,
    paths               text[] not null check (cardinality(paths) > 0),
    enabled             boolean not null default true,
    scan_on_startup     boolean not null default false,
    realtime_monitoring boolean not null default false,
    scan_interval       integer check (scan_interval > 0),  -- seconds
    metadata_provider   text,
    preferred_language  text,
    scanner_config      jsonb,
    watch               text not null default 'off',
    watch_reason        text,                               -- why it is no better
    problem             text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);

create unique index library_name on library (lower(name));

create table library_permission (
    library_id uuid not null references library on delete cascade,
    user_id    uuid not null,
    permission text not null,
    created_at timestamptz not null default now(),
    primary key (library_id, user_id, permission)
);

create index library_permission_user on library_permission (user_id);
