-- What was last said of a title. The revision grows with every description that differs.
create table title (
    id           uuid primary key,
    kind         text not null check (kind in ('movie', 'series', 'season', 'episode')),
    revision     bigint not null default 0,
    description  jsonb not null default '{}',
    described_at timestamptz
);

-- What one source says of a title. Of two sources that know a field, the higher rank is believed.
create table fact (
    title_id uuid not null references title (id) on delete cascade,
    source   text not null,
    rank     int not null,
    fields   jsonb not null,
    as_of    timestamptz not null,
    primary key (title_id, source)
);
