"""A scan: what is there is compared with what was, and what is new is read and told."""
