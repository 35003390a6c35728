"""What media files are made of: read in processes that may hang or crash without harm.

`prober` is for the service, `worker` is what its processes run. This file imports nothing, so
that a worker loads only what it needs.
"""
