-- A video as it was when it was last looked at. `folder` is absolute, as text.
create table file (
    id          uuid primary key default uuidv7(),
    library_id  uuid not null references library on delete cascade,
    folder      text not null,
    name        text not null,
    size        bigint not null,
    mtime_ns    bigint not null,
    surrounded  text not null default '',  -- a digest of what belongs to it
    fingerprint text not null default '',
    revision    int not null default 1,
    media       jsonb,
    reason      text,                      -- why it could not be read
    failed_at   timestamptz,
    unique (library_id, folder, name)
);

create index file_failed on file (library_id, failed_at desc) where reason is not null;

-- What a folder looked like when all its files had been stored: the same again needs no look.
create table folder (
    library_id uuid not null references library on delete cascade,
    path       text not null,
    signature  bytea not null,
    primary key (library_id, path)
);
