-- People type their password into the wrong field: names are kept as digests only.
create table failed_login (
    id        bigint generated always as identity primary key,
    name      bytea not null,
    failed_at timestamptz not null default now()
);

create index failed_login_name on failed_login (name, failed_at);
create index failed_login_failed_at on failed_login (failed_at);
