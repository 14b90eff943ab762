"""Cuts programs into seeds for the fuzz target: `seeds.py FOLDER SEEDS` writes one file per top-level statement, named by its text."""

import ast
import hashlib
import pathlib
import sys

MOST = 1500


def pieces(text):
    """The source of each top-level statement, or of the whole program if this Python cannot read it."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return [text]
    lines = text.splitlines(keepends=True)
    return ["".join(lines[node.lineno - 1:node.end_lineno]) for node in tree.body]


def main():
    folder, seeds = map(pathlib.Path, sys.argv[1:3])
    seeds.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*.py")):
        for piece in pieces(path.read_text(encoding="utf-8", errors="replace")):
            data = piece.encode()[:MOST]
            (seeds / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


main()
