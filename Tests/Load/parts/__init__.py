"""The parts of the load driver; each has a function `run(run, folder)`."""
