-- A film. `description` is what was merged from all sources; the columns beside it are made of it.
-- Without a file it is in no library, and hidden: its id and its history wait for the file.
create table movies.movie (
    id                   uuid primary key default uuidv7(),
    title                text not null,
    sort_title           text not null,
    search_title         text not null,
    search_original      text not null default '',
    original_title       text,
    year                 int,
    release_date         date,
    runtime              int, -- minutes
    overview             text,
    tagline              text,
    status               text,
    original_language    text,
    poster_path          text,
    backdrop_path        text,
    trailer_url          text,
    vote_average         double precision,
    vote_count           int,
    popularity           double precision,
    budget               bigint,
    revenue              bigint,
    tmdb_id              int,
    imdb_id              text,
    radarr_id            int,
    genres               text[] not null default '{}',
    genre_slugs          text[] not null default '{}',
    external_ratings     jsonb not null default '[]',
    library_ids          uuid[] not null default '{}',
    library_added_at     timestamptz not null default now(),
    metadata_updated_at  timestamptz,
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    description          jsonb not null,
    description_revision bigint not null default 0,
    locked               text[] not null default '{}' -- fields of the description that stay
) with (toast_tuple_target = 1024); -- keeps descriptions out of the way of lists

-- Every order holds `library_ids`, so that a page is found, and films are counted, in it alone.

create index movie_added on movies.movie (library_added_at desc, id desc)
include (library_ids)
where library_ids <> '{}';

create index movie_title on movies.movie (sort_title, id)
include (library_ids)
where library_ids <> '{}';

create index movie_year on movies.movie (year desc nulls last, sort_title, id)
include (library_ids)
where library_ids <> '{}';

create index movie_rating on movies.movie
    (vote_average desc nulls last, vote_count desc nulls last, id)
include (library_ids)
where library_ids <> '{}';

create index movie_genre on movies.movie using gin (genre_slugs) where library_ids <> '{}';

-- small enough to be read whole for words inside of titles
create index movie_search on movies.movie
    (search_title text_pattern_ops, search_original text_pattern_ops)
include (library_ids, id)
where library_ids <> '{}';

-- What leads to a film: ids of providers, and titles with years.
create table movies.movie_key (
    key      text primary key,
    movie_id uuid not null references movies.movie on delete cascade
);

create index movie_key_movie on movies.movie_key (movie_id);

create table movies.movie_file (
    file_id  uuid primary key references catalog.file on delete cascade,
    movie_id uuid not null references movies.movie on delete cascade
);

create index movie_file_movie on movies.movie_file (movie_id);
