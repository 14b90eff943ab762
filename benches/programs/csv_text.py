"""Read a table written as comma-separated text: a parser of one's own, the csv module, and a report by groups.

Group: text processing
Counted: 600
"""
import csv
import io
import sys

TOWNS = ["Northam", "Eastwick, Lower", "Südhausen", 'The "Old" Quay']


def quoted(value):
    return '"' + value.replace('"', '""') + '"' if "," in value or '"' in value else value


def parse_line(line):
    fields = []
    field = ""
    inside = False
    i = 0
    while i < len(line):
        c = line[i]
        if inside:
            if c != '"':
                field += c
            elif line[i + 1:i + 2] == '"':
                field += c
                i += 1
            else:
                inside = False
        elif c == '"':
            inside = True
        elif c == ",":
            fields.append(field)
            field = ""
        else:
            field += c
        i += 1
    fields.append(field)
    return fields


def main(n):
    lines = ["id,town,amount,share"]
    for i in range(n):
        lines.append(",".join([str(i), quoted(TOWNS[i * 7 % 4]), str(i * 31 % 977), "%.3f" % (i / 9)]))
    text = "\n".join(lines)
    sums = {}
    header = None
    for line in text.splitlines():
        fields = parse_line(line)
        if header is None:
            header = fields
            continue
        record = dict(zip(header, fields))
        town = sums.setdefault(record["town"], [0, 0.0])
        town[0] += int(record["amount"])
        town[1] += float(record["share"])
    total = sum(amount + int(share) for amount, share in sums.values())
    for row in csv.DictReader(io.StringIO(text)):
        total += int(row["amount"]) if row["town"].startswith("The") else 1
    out = io.StringIO()
    writer = csv.writer(out)
    for row in csv.reader(io.StringIO(text)):
        writer.writerow([field.strip() for field in reversed(row)])
    return total + len(out.getvalue())


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 120_000))
