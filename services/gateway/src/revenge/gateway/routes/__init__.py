"""What clients may ask, and what they need for it."""

from revenge.gateway.routes import (
    admin,
    auth,
    libraries,
    movies,
    playback,
    search,
    tvshows,
)

TABLE = (
    *auth.LINES,
    *libraries.LINES,
    *movies.LINES,
    *tvshows.LINES,
    *search.LINES,
    *playback.LINES,
    *admin.LINES,
)
