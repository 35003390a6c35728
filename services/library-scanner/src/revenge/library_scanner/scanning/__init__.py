"""A scan: what is there is compared with what was, and what is new is read and told.

    surveying   walks, in a thread, and yields the units that are not as they were
    comparing   says which of their files are new, changed or gone
    moves       finds out which new ones are old ones under another path
    reading     probes several at once, as they come
    telling     stores and tells what was read, in batches, and then what has gone
    progress    counts, and ends the scan when it was cancelled

`looking` leads from one to the next, and `scan` is what is called.
"""
