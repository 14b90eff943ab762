"""Regular expressions over lines of a log: match, named groups, substitution with a function, splitting.

Group: regular expressions
Counted: 250
"""
import re
import sys

LINE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>[\d:]+) \[(?P<level>[A-Z]+)\] (?P<unit>[\w.]+): (?P<message>.*)")
NUMBER = re.compile(r"\b\d+\b")
PAIR = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")
LEVELS = ["INFO", "WARN", "ERROR", "DEBUG"]


def main(n):
    lines = []
    for i in range(n):
        day, hour = 1 + i // 97 % 28, i % 24
        lines.append(f"2031-03-{day:02d}T{hour:02d}:{i % 60:02d}:07 [{LEVELS[i % 4]}] core.unit{i % 9}: "
                     f'request id={i} user="guest {i % 50}" took={i % 311}ms from 10.0.{i % 256}.{i * 7 % 256}')
    total = 0
    levels = {}
    for line in lines:
        found = LINE.match(line)
        levels[found["level"]] = levels.get(found["level"], 0) + 1
        fields = dict(PAIR.findall(found["message"]))
        total += int(fields["id"]) + len(fields["user"]) + found.start("unit")
        if re.search(r"took=(\d\d)ms", line):
            total += 1
    text = "\n".join(lines)
    total += sum(int(x) for x in NUMBER.findall(text))
    total += len(NUMBER.sub(lambda m: hex(int(m[0])), text)) + len(re.sub(r"guest (\d+)", r"<\1>", text))
    total += len(re.split(r"[\s:=]+", text))
    total += sum(1 for _ in re.finditer(r"^\S+ \[ERROR\] .*?(\d+)$", text, re.M))
    total += sum(1 for _ in re.finditer(r"(?i)REQUEST|Guest", text))
    return total + levels["WARN"]


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
