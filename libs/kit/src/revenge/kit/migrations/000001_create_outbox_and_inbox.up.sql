-- Messages written with the rows that they tell of, published after commit.
create table outbox (
    id         bigint generated always as identity primary key,
    message_id text not null,
    subject    text not null,
    payload    bytea not null,
    headers    text not null, -- a line for each, as the bus has them
    written_at timestamptz not null default now()
);

-- Wakes the relay. The same notice twice in a transaction is sent once.
create function notify_outbox() returns trigger language plpgsql as $$
begin
    perform pg_notify('outbox_' || tg_table_schema, '');
    return null;
end;
$$;

create trigger outbox_written
after insert on outbox
for each statement execute function notify_outbox();

-- Messages that a handler has committed already.
create table inbox (
    handler    text not null,
    message_id text not null,
    handled_at timestamptz not null default now(),
    primary key (handler, message_id)
);

create index inbox_handled_at on inbox (handled_at);

-- Jobs of which there may be only one for a while.
create table unique_job (
    subject text not null,
    key     text not null,
    job_id  text not null,
    until   timestamptz not null,
    primary key (subject, key)
);
