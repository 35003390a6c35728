-- How far each user has watched each episode.
create table tvshows.watch (
    user_id          uuid not null,
    episode_id       uuid not null references tvshows.episode on delete cascade,
    progress_seconds int not null,
    duration_seconds int not null check (duration_seconds > 0),
    is_completed     boolean not null,
    progress_percent int generated always as (progress_seconds * 100 / duration_seconds),
    is_in_progress   boolean generated always as -- begun: more than 5 % of it
        (not is_completed and progress_seconds * 20 > duration_seconds),
    watch_count      int not null,
    last_watched_at  timestamptz not null default now(),
    watched_at       timestamptz, -- when it was last watched to its end
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    primary key (user_id, episode_id)
);

create index watch_recent on tvshows.watch (user_id, last_watched_at desc);
