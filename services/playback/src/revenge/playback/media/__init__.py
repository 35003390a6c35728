"""Reading media: what is in a file, and where it can be cut."""
