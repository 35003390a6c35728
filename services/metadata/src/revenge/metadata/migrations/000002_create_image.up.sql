-- Images beside files, by ids that nobody can guess. Only these files are ever opened.
create table image (
    id          text primary key check (id ~ '^[0-9a-f]{32}$'),
    path        text not null,
    modified_ns bigint not null,
    size        bigint not null,
    added_at    timestamptz not null default now()
);
