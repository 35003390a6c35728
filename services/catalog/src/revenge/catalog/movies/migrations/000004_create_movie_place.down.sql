drop view movies.movie_place;
