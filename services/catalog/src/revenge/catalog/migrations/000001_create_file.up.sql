-- The files behind all titles. What they say of their titles is kept with them, so that a title
-- can be described again.
create table catalog.file (
    id              uuid primary key,
    library_id      uuid not null,
    revision        bigint not null,
    path            text not null,
    size            bigint not null,
    modified_at     timestamptz not null,
    part            int not null default 1,
    pixels          bigint not null default 0,
    resolution      text,
    duration        double precision not null default 0, -- seconds
    richness        smallint not null default 0, -- how much it says of its film or episode
    series_richness smallint not null default 0,
    facts           jsonb not null,
    media           jsonb not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
);

create index file_library on catalog.file (library_id);

-- What was told to be gone, and the revision that it had: an older telling of it, which comes
-- late, does not bring it back.
create table catalog.gone_file (
    file_id  uuid primary key,
    revision bigint not null,
    gone_at  timestamptz not null default now()
);

create table catalog.gone_library (
    library_id uuid primary key,
    gone_at    timestamptz not null default now()
);
