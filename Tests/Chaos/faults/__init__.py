"""One file a fault: the first line of its text says what is done, `run` does it."""
