"""What is known of films, and where they are."""

from __future__ import annotations

from revenge.catalog.described import Described
from revenge.catalog.movies.rules import MovieChange

MOVIES = Described(
    MovieChange,
    table="movies.movie",
    columns="""
        title, sort_title, search_title, search_original, original_title, year, release_date,
        runtime, overview, tagline, status, poster_path, backdrop_path, vote_average, vote_count,
        tmdb_id, imdb_id, genres, genre_slugs, external_ratings, description, description_revision
    """,
    told="movie.id, movie.title, movie.year, movie.poster_path",
    counts="movies.movie_count",
)
