#!/usr/bin/env python3
"""colours.py THEME.gp PAGE.css: the colours of losses, rates and kinds of incidents, in the pictures and on the page: the same in both; classes are
ordered by lightness, and neighbours can be told apart by readers with protanopia, deuteranopia or tritanopia too. A test line for each.

What such readers see: Machado, Oliveira and Fernandes, 2009, severity 1.0, applied to linear RGB. Distances: CIE 1976, in L*a*b* of D65."""
import itertools
import re
import sys

VISION = {
    "usual vision": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
NEIGHBOURS = 8.0  # between neighbouring classes; 2.3 is what one can just see
KINDS = 5.0       # between any two kinds of incidents, which have numbers and words too
LIGHTNESS = 2.5   # each class at least so much darker (in dark: lighter) than the one before
failures = 0


def check(what, good, got=""):
    global failures
    failures += not good
    print("ok - " + what if good else "not ok - %s: %s" % (what, got))


def linear(colour):
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def seen(colour, vision):
    rgb = linear(colour)
    return [min(max(sum(m * c for m, c in zip(row, rgb)), 0), 1) for row in VISION[vision]]


def lab(rgb):
    x, y, z = (sum(m * c for m, c in zip(row, rgb)) for row in ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.95047, y, z / 1.08883))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(a, b, vision):
    return sum((p - q) ** 2 for p, q in zip(lab(seen(a, vision)), lab(seen(b, vision)))) ** 0.5


def contrast(a, b):
    x, y = sorted((sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(v))) for v in (a, b)), reverse=True)
    return (x + 0.05) / (y + 0.05)


KEYS = {"outage": "outage", "loss": "loss_event", "rate_cap": "rate_cap", "jitter": "jitter_event", "rate": "rate_event", "control": "control", "ended": "ended",
        "delay": "delay_event", "route": "route", "silence": "silence"}


def themes_of(text):
    """By gnuplot's theme: (classes of losses, of rates, kinds, colour of texts, of the page, of panels)."""
    parts = re.split(r"if \(theme eq '(?:dark|print)'\)|^\} else \{$", text, flags=re.M)[1:4]
    out = {}
    for name, part in zip(("dark", "print", "light"), parts):
        arrays = {n: re.findall(r"#[0-9a-f]{6}", v) for n, v in re.findall(r"array color_(\w+)\[\d+\] = \[([^\]]*)\]", part)}
        single = dict(re.findall(r"color_(\w+) = '(#[0-9a-f]{6})'", part))
        out[name] = (arrays["class"], arrays["rate"], {k: single[v] for k, v in KEYS.items()}, single)
    return out


def page_of(text):
    """By theme of the page: the same."""
    blocks = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", b)) for b in re.findall(r":root[^{]*\{([^}]*--text[^}]*)\}", text)]
    return {name: ([b["l%d-bg" % i] for i in range(8)], [b["q%d-bg" % i] for i in range(5)], {k: b[k + "-bg"] for k in KEYS}, b)
            for name, b in zip(("light", "dark", "print"), blocks)}


def check_scale(where, colours, is_dark):
    light = [lab(linear(c))[0] for c in colours]
    steps = [b - a if is_dark else a - b for a, b in zip(light, light[1:])]
    check("%s: from class to class %s" % (where, "lighter" if is_dark else "darker"), min(steps) >= LIGHTNESS, [round(s, 1) for s in steps])
    for vision in VISION:
        near = [distance(a, b, vision) for a, b in zip(colours, colours[1:])]
        check("%s: neighbouring classes can be told apart, %s" % (where, vision), min(near) >= NEIGHBOURS, [round(d, 1) for d in near])


def check_kinds(where, kinds):
    for vision in VISION:
        near = min((distance(kinds[a], kinds[b], vision), a, b) for a, b in itertools.combinations(kinds, 2))
        check("%s: kinds of incidents can be told apart, %s" % (where, vision), near[0] >= KINDS, near)


pictures, page = themes_of(open(sys.argv[1], encoding="utf-8").read()), page_of(open(sys.argv[2], encoding="utf-8").read())
check("three themes of pictures, and of the page", set(pictures) == set(page) == {"light", "dark", "print"}, (list(pictures), list(page)))
for theme in ("light", "dark", "print"):
    check("%s: losses have the same colours in pictures and on the page" % theme, pictures[theme][0] == page[theme][0], (pictures[theme][0], page[theme][0]))
    check("%s: kinds of incidents likewise" % theme, pictures[theme][2] == page[theme][2], (pictures[theme][2], page[theme][2]))
    check_scale(theme + ", loss", page[theme][0], theme == "dark")
    for where, rates in (("pictures", pictures[theme][1]), ("page", page[theme][1])):
        check_scale("%s, rate, %s" % (theme, where), rates, theme == "dark")
    check_kinds(theme, page[theme][2])
    single = pictures[theme][3]
    texts = [(a, b) for a in ("text", "faint") for b in ("page", "panel")]
    low = [(a, b, round(contrast(single[a], single[b]), 2)) for a, b in texts if contrast(single[a], single[b]) < 4.5]
    low += [("text", k, round(contrast(single["text"], c), 2)) for k, c in pictures[theme][2].items() if contrast(single["text"], c) < 4.5]
    low += [("text", "gap", round(contrast(single["text"], single["gap"]), 2))] if contrast(single["text"], single["gap"]) < 4.5 else []
    check("%s: texts of pictures have a contrast of 4.5 or more on page, panels, gaps and tabs" % theme, not low, low)
    dark_from = 4 if theme == "dark" else 5  # as mark_color() of gnuplot/heat.gp has it
    on_cells = [(i, single["page" if i >= dark_from else "text"], c) for i, c in enumerate(pictures[theme][0])]
    on_cells += [(8 + i, single["page" if i >= 3 else "text"], c) for i, c in enumerate(pictures[theme][1])]
    low = [(i, c, round(contrast(mark, c), 2)) for i, mark, c in on_cells if contrast(mark, c) < 4.5]
    check("%s: so have the numbers in the cells of maps" % theme, not low, low)
sys.exit(failures > 0)
