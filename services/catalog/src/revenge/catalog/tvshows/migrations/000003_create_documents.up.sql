-- Shows and episodes as the search index holds them: dates are Unix seconds. Replicas of two
-- releases may read these at once, so that other columns are another view.
create view tvshows.series_document as
select
    id, title, library_ids,
    extract(epoch from library_added_at)::bigint as library_added_at,
    extract(epoch from updated_at)::bigint as updated_at,
    total_seasons, total_episodes, tmdb_id, tvdb_id, imdb_id, original_title, year,
    extract(epoch from first_air_date)::bigint as first_air_date,
    overview, status, type, original_language, poster_path, backdrop_path, vote_average,
    vote_count, popularity, genres, genre_slugs, networks,
    array(
        select person ->> 'name'
        from jsonb_array_elements(description -> 'people') as person
        where person ->> 'role' = 'actor'
        order by (person ->> 'order')::int
        limit 20
    ) as "cast"
from tvshows.series
where library_ids <> '{}';

create view tvshows.episode_document as
select
    episode.id, episode.series_id, episode.season_id, episode.library_ids,
    episode.season_number, episode.episode_number, episode.title,
    series.title as series_title,
    extract(epoch from episode.updated_at)::bigint as updated_at,
    episode.tmdb_id, episode.tvdb_id, episode.imdb_id, episode.overview,
    extract(epoch from episode.air_date)::bigint as air_date,
    episode.runtime, episode.vote_average, episode.vote_count, episode.still_path,
    series.poster_path as series_poster_path
from tvshows.episode
join tvshows.series on series.id = episode.series_id
where episode.library_ids <> '{}';
