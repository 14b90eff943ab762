def __getattr__(name):
    if name == "computed":
        return "computed on demand"
    raise AttributeError(f"lazy has no {name}")
