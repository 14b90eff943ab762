"""Start and stop: the fixed cost of a process.

Group: start-up
Counted:
"""
pass
