drop table movies.movie_file;
drop table movies.movie_key;
drop table movies.movie;
