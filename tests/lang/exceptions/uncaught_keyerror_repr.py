# The text of a KeyError is the repr of its key.
table = {"a": 1}
table["key with 'quotes'\n"]
