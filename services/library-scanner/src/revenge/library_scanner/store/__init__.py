"""Every statement that this service sends to Postgres."""
