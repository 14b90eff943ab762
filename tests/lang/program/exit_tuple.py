# SystemExit with an object prints its str.
raise SystemExit(("a", 1))
