"""The public API: HTTP in, contracts out. Nothing is decided here."""
