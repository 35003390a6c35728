-- A show. `description` is what was merged from all sources; the columns beside it are made of it.
-- Without a file it is in no library, and hidden: its id and its history wait for the file.
create table tvshows.series (
    id                   uuid primary key default uuidv7(),
    title                text not null,
    sort_title           text not null,
    search_title         text not null,
    search_original      text not null default '',
    original_title       text,
    original_language    text,
    tagline              text,
    overview             text,
    status               text,
    type                 text,
    year                 int,
    premiered            date, -- as is told; without it, the first episode here is the premiere
    first_air_date       date,
    last_air_date        date,
    vote_average         double precision,
    vote_count           int,
    popularity           double precision,
    poster_path          text,
    backdrop_path        text,
    trailer_url          text,
    homepage             text,
    tmdb_id              int,
    tvdb_id              int,
    imdb_id              text,
    sonarr_id            int,
    genres               text[] not null default '{}',
    genre_slugs          text[] not null default '{}',
    networks             text[] not null default '{}',
    external_ratings     jsonb not null default '[]',
    total_seasons        int not null default 0, -- without the specials
    total_episodes       int not null default 0, -- the same
    library_ids          uuid[] not null default '{}',
    library_added_at     timestamptz not null default now(),
    metadata_updated_at  timestamptz,
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    description          jsonb not null,
    description_revision bigint not null default 0,
    locked               text[] not null default '{}' -- fields of the description that stay
) with (toast_tuple_target = 1024); -- keeps descriptions out of the way of lists

-- Every order holds `library_ids`, so that a page is found, and shows are counted, in it alone.

create index series_added on tvshows.series (library_added_at desc, id desc)
include (library_ids)
where library_ids <> '{}';

create index series_created on tvshows.series (created_at desc, id desc)
include (library_ids)
where library_ids <> '{}';

create index series_title on tvshows.series (sort_title, id)
include (library_ids)
where library_ids <> '{}';

create index series_aired on tvshows.series (first_air_date desc nulls last, id desc)
include (library_ids)
where library_ids <> '{}';

create index series_rating on tvshows.series
    (vote_average desc nulls last, vote_count desc nulls last, id)
include (library_ids)
where library_ids <> '{}';

create index series_popularity on tvshows.series (popularity desc nulls last, id)
include (library_ids)
where library_ids <> '{}';

create index series_genre on tvshows.series using gin (genre_slugs) where library_ids <> '{}';

-- small enough to be read whole for words inside of titles
create index series_search on tvshows.series
    (search_title text_pattern_ops, search_original text_pattern_ops)
include (library_ids, id)
where library_ids <> '{}';

-- What leads to a show: ids of providers, and titles with years.
create table tvshows.series_key (
    key       text primary key,
    series_id uuid not null references tvshows.series on delete cascade
);

create index series_key_series on tvshows.series_key (series_id);

create table tvshows.season (
    id                   uuid primary key default uuidv7(),
    series_id            uuid not null references tvshows.series on delete cascade,
    season_number        int not null,
    name                 text not null,
    overview             text,
    poster_path          text,
    air_date             date,
    vote_average         double precision,
    tmdb_id              int,
    episode_count        int not null default 0,
    library_ids          uuid[] not null default '{}',
    library_added_at     timestamptz not null default now(),
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    metadata_updated_at  timestamptz,
    description          jsonb not null,
    description_revision bigint not null default 0,
    locked               text[] not null default '{}',
    unique (series_id, season_number)
);

create table tvshows.episode (
    id                   uuid primary key default uuidv7(),
    series_id            uuid not null references tvshows.series on delete cascade,
    season_id            uuid not null references tvshows.season on delete cascade,
    season_number        int not null,
    episode_number       int not null,
    title                text not null,
    overview             text,
    air_date             date,
    runtime              int, -- minutes
    vote_average         double precision,
    vote_count           int,
    still_path           text,
    production_code      text,
    tmdb_id              int,
    tvdb_id              int,
    imdb_id              text,
    library_ids          uuid[] not null default '{}',
    library_added_at     timestamptz not null default now(),
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    metadata_updated_at  timestamptz,
    description          jsonb not null,
    description_revision bigint not null default 0,
    locked               text[] not null default '{}',
    unique (series_id, season_number, episode_number)
) with (toast_tuple_target = 1024);

create index episode_season on tvshows.episode (season_id);

create index episode_added on tvshows.episode (library_added_at desc, id desc)
include (library_ids)
where library_ids <> '{}';

-- One file may hold several episodes, and an episode may have several files.
create table tvshows.episode_file (
    file_id    uuid not null references catalog.file on delete cascade,
    episode_id uuid not null references tvshows.episode on delete cascade,
    primary key (file_id, episode_id)
);

create index episode_file_episode on tvshows.episode_file (episode_id);
