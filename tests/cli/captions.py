#!/usr/bin/env python3
"""captions.py NAME.dat NAME.gp WORD...: checks that a chart names these causes, in the order of its panels, horizontal before vertical, and that
each is within its gap, below the events' numbers. A letter is taken to be 0.58 of the font's size wide, as in DejaVu Sans."""
import re
import sys

FONT_PT, LETTER = 8, 0.58
data, script, words = open(sys.argv[1]).read().partition("\n")[2], open(sys.argv[2]).read(), sys.argv[3:]


def number(name):
    return float(re.search(r"^%s = ([\d.]+)" % name, script, re.M).group(1))


pt = number("dpi") / 72
columns, x_max = number("width") - number("left") - number("right"), number("x_max")
weights = [float(w) for w in re.search(r"panel_weight\[\d+\] = \[(.*)\]", script).group(1).split(",")]
blocks = {}
for block in data.split("\n\n\n"):
    head, _, rows = block.partition("\n")
    blocks[tuple(head[2:].split(" "))] = [r.split(" ", 2) for r in rows.splitlines() if r]
above = re.search(r"^label_is_left = 1", script, re.M)  # numbers stand above thin panels
found = []
for (panel, layer), rows in blocks.items():
    if not layer.startswith("causes"):
        continue
    for x, text in ((float(r[0]), r[1].strip('"')) for r in rows):
        found.append(text)
        width, height = len(text) * LETTER * FONT_PT * pt, FONT_PT * 1.2 * pt
        across, up = (height, width) if layer == "causes_upright" else (width, height)
        half = across / 2 / columns * x_max
        inside = [g for g in blocks[(panel, "gaps")] if float(g[0]) <= x - half and x + half <= float(g[1])]
        room = weights[int(panel) - 1] * number("unit") - (2 * 14 * pt if (panel, "numbers") in blocks and not above else 0)
        assert inside, "%s at %g is wider than its gap" % (text, x)
        assert up <= room, "%s is higher than the room in its panel" % text
assert found == words, "names %s" % found
