def match(command):
    match command:
        case ["go", direction] | ["walk", direction]:
            return direction
        case {"x": int(x), **rest} if x > 0:
            return rest
        case Point(0, y=[a, *_, b]) as p:
            return p, a, b
        case None | True | 5 | "text" | Color.RED:
            pass
        case _:
            return command
