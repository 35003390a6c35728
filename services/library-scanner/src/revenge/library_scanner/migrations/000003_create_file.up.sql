-- A video as it was when it was last looked at. `folder` is absolute, as text.
create table file (
    id          uuid primary key default uuidv7(),
    library_id  uuid not null references library on delete cascade,
    folder      text collate "C" not null,
    name        text not null,
    size        bigint not null,
    mtime_ns    bigint not null,
    surrounded  text not null default '',  -- a digest of what belongs to it
    fingerprint text not null default '',
    revision    int not null default 1,
    media       jsonb,
    reason      text,                      -- why it could not be read
    failed_at   timestamptz,
    scan_id     uuid,                      -- which scan has read it last
    unique (library_id, folder, name)
);

create index file_failed on file (library_id, failed_at desc) where reason is not null;
create index file_size on file (library_id, size);

-- A file that went away: one with the same content is the same again, wherever it turns up.
create table gone_file (
    id          uuid primary key,
    library_id  uuid not null references library on delete cascade,
    size        bigint not null,
    fingerprint text not null,
    revision    int not null,
    gone_at     timestamptz not null default now()
);

create index gone_file_size on gone_file (library_id, size);
create index gone_file_age on gone_file (gone_at);

-- What a folder looked like when all its files had been stored: the same again needs no look.
-- The order "C" makes all that lies below a folder one range.
create table folder (
    library_id uuid not null references library on delete cascade,
    path       text collate "C" not null,
    signature  bytea not null,
    titles     int not null,
    is_mount   boolean not null default false,  -- it was on another file system than its parent
    primary key (library_id, path)
);

create index folder_mount on folder (library_id) where is_mount;
