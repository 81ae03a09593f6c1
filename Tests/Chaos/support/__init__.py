"""What the faults share: a daemon to hurt, a client of its API, and the books of what it has acknowledged."""
