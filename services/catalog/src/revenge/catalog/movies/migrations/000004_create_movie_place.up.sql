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

-- How many films are in just these libraries: to count a list, so that no page reads all of them.
create table movies.movie_count (
    library_ids uuid[] primary key,
    titles      int not null
);
