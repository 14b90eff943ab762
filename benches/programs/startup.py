"""Start and stop: the fixed cost of a process."""
pass
