# A missing colon.
while True
    break
