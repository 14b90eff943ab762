"""Damaged Python sources: pieces of real modules of the library, cut, doubled, exchanged and spoilt.

`program(seed)` gives a program that compiles several such texts and prints for each whether it compiles, or the SyntaxError with its place.
"""

import pathlib
import random
import sysconfig

TOKENS = ["(", ")", "[", "]", "{", "}", ":", ",", "=", ":=", "==", "*", "**", "->", "@", ".", "...", ";", "'", '"', "'''", "f'{", "}'", "rb'", "\\", "\n", "    ", "\t", "#", "!",
          "$", "?", "0x", "1_", "0b2", "1e", "09", "€", "\x00", "if ", "else", "elif ", "for ", "in ", "while ", "def ", "class ", "return ", "yield ", "await ", "async ", "lambda ",
          "import ", "from ", "as ", "try:", "except ", "except* ", "finally:", "with ", "match ", "case ", "type ", "global ", "nonlocal ", "del ", "pass", "break", "continue", "not ",
          "and ", "or ", "is ", "None", "True", "print ", "raise ", "assert ", "*a", "**k", "x", "1", "t'{x}'", "f'{x!r:>{w}}'"]

FILES = ["textwrap.py", "dataclasses.py", "heapq.py", "contextlib.py", "functools.py", "enum.py", "ast.py", "typing.py", "bisect.py", "argparse.py", "asyncio/tasks.py", "json/decoder.py"]


def library():
    root = pathlib.Path(sysconfig.get_path("stdlib"))
    return [path.read_text(encoding="utf-8").splitlines(keepends=True) for name in FILES if (path := root / name).exists()]


LINES = library()


def spoil(text, chooser):
    for _ in range(chooser.choice([1, 1, 1, 2, 3])):
        at = chooser.randrange(len(text) + 1)
        what = chooser.randrange(6)
        if what == 0:
            text = text[:at] + chooser.choice(TOKENS) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + chooser.randrange(1, 4):]
        elif what == 2:
            end = at + chooser.randrange(1, 20)
            text = text[:end] + text[at:end] + text[end:]
        elif what == 3:
            text = text[:at] + chooser.choice(TOKENS) + text[at + 1:]
        elif what == 4:
            lines = text.splitlines(keepends=True)
            chooser.shuffle(lines[:3])
            del lines[chooser.randrange(len(lines)) if lines else 0:][:1]
            text = "".join(lines)
        else:
            lines = text.splitlines(keepends=True)
            if lines:
                row = chooser.randrange(len(lines))
                lines[row] = chooser.choice([" ", "  ", "\t", "    "]) + lines[row] if chooser.random() < 0.5 else lines[row].lstrip(" ")
                text = "".join(lines)
    return text


def snippet(chooser):
    lines = chooser.choice(LINES)
    starts = [index for index, line in enumerate(lines) if line.startswith(("def ", "class ", "async def "))]
    start = chooser.choice(starts)
    end = next((index for index in starts if index > start), len(lines))
    return "".join(lines[start:min(end, start + chooser.randrange(2, 14))])


def program(seed):
    """The text of the program of a seed."""
    chooser = random.Random(seed)
    texts = [spoil(snippet(chooser), chooser) for _ in range(40)]
    return "import warnings\nwarnings.simplefilter('ignore')\ntexts = " + repr(texts) + '''
for number, text in enumerate(texts):
    try:
        compile(text, "f.py", "exec")
    except SyntaxError as error:
        print(number, type(error).__name__, ascii(error.msg), error.lineno, error.offset, error.end_lineno, error.end_offset)
    except Exception as error:
        print(number, type(error).__name__, error)
    else:
        print(number, "compiles")
'''


if __name__ == "__main__":
    import sys
    print(program(int(sys.argv[1])), end="")
