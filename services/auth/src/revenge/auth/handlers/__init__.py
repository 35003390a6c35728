"""Requests of others: each module serves one noun."""
