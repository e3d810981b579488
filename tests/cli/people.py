"""people.py: figures as longhaul prints them for people, from python's decimal arithmetic.
people.py same THEIRS OURS: are the lines of two files the same, but for the digits that each number has?"""
import re
import sys
from decimal import ROUND_HALF_EVEN, Decimal


def figure(value):
    """Three significant digits, without exponent and without zeros at the end."""
    d = Decimal(value)
    if d == 0:
        return "0"
    quantum = Decimal(1).scaleb(min(max(d.adjusted() - 2, -9), 0))
    text = format(d.quantize(quantum, ROUND_HALF_EVEN), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parts(line):
    return re.findall(r"[0-9]+(?:\.[0-9]+)?|[^0-9 ]+", line)


def half_unit(text, is_figure):
    d = Decimal(text)
    exponent = min(d.adjusted() - 2, 0) if is_figure and d else d.as_tuple().exponent
    return Decimal(1).scaleb(exponent) / 2


def is_same(theirs, ours):
    """A number of theirs has all its decimals, one of ours is a figure."""
    if not theirs[0].isdigit() or not ours[0].isdigit():
        return theirs == ours
    return abs(Decimal(theirs) - Decimal(ours)) <= half_unit(theirs, False) + half_unit(ours, True)


if __name__ == "__main__" and sys.argv[1:2] == ["same"]:
    theirs, ours = ([parts(line) for line in open(name, encoding="utf-8")] for name in sys.argv[2:])
    wrong = [pair for pair in zip(theirs, ours) if len(pair[0]) != len(pair[1]) or not all(map(is_same, *pair))]
    print("\n".join("%s is not %s" % pair for pair in wrong))
    sys.exit(len(theirs) == 0 or len(theirs) != len(ours) or len(wrong) > 0)
