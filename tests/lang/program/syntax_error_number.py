# A malformed number.
x = 1_000_
y = 0777
