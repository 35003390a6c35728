"""What a client can play of a file, and how it gets there: as it is, remuxed, or transcoded."""
