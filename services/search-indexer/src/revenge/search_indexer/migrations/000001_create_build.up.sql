-- Collections that were filled to the end: only those are known to be whole.
create table build (
    name      text primary key,
    alias     text not null,
    documents bigint not null,
    built_at  timestamptz not null default now()
);
