"""Records that prove themselves: each holds the hash of its content and of the record before it in its chain."""
