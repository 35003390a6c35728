-- The libraries that each episode is in: those of its files.
create view tvshows.episode_place as
select
    episode.id,
    array(
        select distinct file.library_id
        from tvshows.episode_file
        join catalog.file on file.id = episode_file.file_id
        where episode_file.episode_id = episode.id
        order by file.library_id
    ) as library_ids
from tvshows.episode;

-- The libraries that each season is in: those of its episodes.
create view tvshows.season_place as
select
    season.id,
    array(
        select distinct library_id
        from tvshows.episode
        cross join unnest(episode.library_ids) as library_id
        where episode.season_id = season.id
        order by library_id
    ) as library_ids,
    (
        select count(*)
        from tvshows.episode
        where episode.season_id = season.id and episode.library_ids <> '{}'
    ) as episode_count
from tvshows.season;

-- The same of each show, and what of it can be seen by somebody, without specials.
create view tvshows.series_place as
select
    series.id,
    array(
        select distinct library_id
        from tvshows.episode
        cross join unnest(episode.library_ids) as library_id
        where episode.series_id = series.id
        order by library_id
    ) as library_ids,
    counted.total_seasons, counted.total_episodes,
    coalesce(series.premiered, counted.first_air_date) as first_air_date, counted.last_air_date
from tvshows.series
cross join lateral (
    select
        count(distinct episode.season_number) as total_seasons,
        count(*) as total_episodes,
        min(episode.air_date) as first_air_date,
        max(episode.air_date) as last_air_date
    from tvshows.episode
    where episode.series_id = series.id
    and episode.library_ids <> '{}'
    and episode.season_number > 0
) as counted;

-- How many shows are in just these libraries: to count a list, so that no page reads all of them.
create table tvshows.series_count (
    library_ids uuid[] primary key,
    titles      int not null
);
