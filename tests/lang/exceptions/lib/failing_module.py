def compute():
    return undefined_thing * 2


value = compute()
