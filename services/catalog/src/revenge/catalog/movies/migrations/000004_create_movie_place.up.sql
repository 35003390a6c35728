-- The libraries that each film is in: those of its files.
create view movies.movie_place as
select
    movie.id,
    array(
        select distinct file.library_id
        from movies.movie_file
        join catalog.file on file.id = movie_file.file_id
        where movie_file.movie_id = movie.id
        order by file.library_id
    ) as library_ids
from movies.movie;
