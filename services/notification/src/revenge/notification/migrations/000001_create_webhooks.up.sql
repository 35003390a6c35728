-- The secret that signs what is sent is sealed with AES-GCM.
create table webhook (
    id                uuid primary key default uuidv7(),
    name              text not null,
    url               text not null,
    enabled           boolean not null,
    method            text not null check (method in ('POST', 'PUT', 'PATCH')),
    event_types       text[] not null,
    event_categories  text[] not null,
    secret            bytea not null,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    last_delivered_at timestamptz,
    last_error        text
);
