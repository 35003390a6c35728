"""The search index: kept in step with the catalog, and asked on behalf of users."""
