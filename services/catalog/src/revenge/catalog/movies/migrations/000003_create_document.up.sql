-- A film as the search index holds it: dates are Unix seconds. Replicas of two releases may read
-- it at once, so that other columns are another view.
create view movies.document as
select
    movie.id, movie.title, movie.library_ids,
    extract(epoch from movie.library_added_at)::bigint as library_added_at,
    extract(epoch from movie.updated_at)::bigint as updated_at,
    movie.tmdb_id, movie.imdb_id, movie.original_title, movie.year,
    extract(epoch from movie.release_date)::bigint as release_date,
    movie.runtime, movie.overview, movie.tagline, movie.status, movie.original_language,
    movie.poster_path, movie.backdrop_path, movie.vote_average, movie.vote_count,
    movie.popularity, movie.genres, movie.genre_slugs,
    array(
        select person ->> 'name'
        from jsonb_array_elements(movie.description -> 'people') as person
        where person ->> 'role' = 'actor'
        order by (person ->> 'order')::int
        limit 20
    ) as "cast",
    array(
        select person ->> 'name'
        from jsonb_array_elements(movie.description -> 'people') as person
        where person ->> 'role' = 'director'
    ) as directors,
    best.resolution, best.quality as quality_profile
from movies.movie
left join lateral (
    select file.resolution, file.facts -> 'parsed' ->> 'quality' as quality
    from movies.movie_file
    join catalog.file on file.id = movie_file.file_id
    where movie_file.movie_id = movie.id
    order by file.pixels desc, file.size desc
    limit 1
) as best on true
where movie.library_ids <> '{}';
