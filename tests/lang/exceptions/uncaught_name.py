# Suggestions for misspelt names.
counter = 1


def step():
    return countre + 1


step()
