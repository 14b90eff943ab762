# SystemExit without a value is a clean exit.
print("before")
raise SystemExit
