drop table movies.movie_count;
drop view movies.movie_place;
