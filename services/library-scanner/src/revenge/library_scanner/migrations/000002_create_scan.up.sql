create table scan (
    id               uuid primary key default uuidv7(),
    library_id       uuid not null references library on delete cascade,
    scan_type        text not null,
    status           text not null default 'pending',
    phase            text not null default '',
    items_total      bigint not null default 0,
    items_scanned    bigint not null default 0,
    items_added      bigint not null default 0,
    items_updated    bigint not null default 0,
    items_removed    bigint not null default 0,
    error_count      bigint not null default 0,
    items_per_second double precision,  -- lately
    seconds_left     double precision,
    error_message    text,
    created_at       timestamptz not null default now(),
    started_at       timestamptz,
    completed_at     timestamptz
);

create index scan_of_library on scan (library_id, created_at desc);

-- One at a time: the second is refused by the database, whichever replica asks.
create unique index scan_going on scan (library_id) where status in ('pending', 'running');
