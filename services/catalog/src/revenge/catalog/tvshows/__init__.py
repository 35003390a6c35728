"""Shows, their seasons and episodes."""
