#!/usr/bin/env python3
"""png.py FILE WIDTH HEIGHT [COLOUR...]: is it a whole PNG of that size, with pixels of these colours (rrggbb) in it?

With --spike COLOUR FROM TO: is there a column of pixels in x FROM..TO (shares of the width) that reaches well above the
columns of that colour elsewhere? Reads PNG with the standard library: 8 bit, RGB or RGBA, not interlaced.
"""
import struct
import sys
import zlib


def rows(path):
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body), "checksum"
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    assert kind == b"IEND" and depth == 8 and colour in (2, 6) and not interlaced
    return width, height, 3 if colour == 2 else 4, zlib.decompress(packed)


def unfilter(width, height, size, raw):
    stride = width * size
    before = bytearray(stride)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        if kind == 1:
            for i in range(size, stride):
                line[i] = (line[i] + line[i - size]) & 255
        elif kind == 2:
            line = bytearray((a + b) & 255 for a, b in zip(line, before))
        elif kind == 3:
            for i in range(stride):
                left = line[i - size] if i >= size else 0
                line[i] = (line[i] + ((left + before[i]) >> 1)) & 255
        elif kind == 4:
            for i in range(stride):
                left, corner = (line[i - size], before[i - size]) if i >= size else (0, 0)
                up = before[i]
                a, b, c = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
                line[i] = (line[i] + (left if a <= b and a <= c else up if b <= c else corner)) & 255
        yield bytes(line)
        before = line


def main(arguments):
    path, want_width, want_height = arguments[0], int(arguments[1]), int(arguments[2])
    width, height, size, raw = rows(path)
    assert (width, height) == (want_width, want_height), "is %d x %d" % (width, height)
    lines = list(unfilter(width, height, size, raw))
    if arguments[3:4] == ["--spike"]:
        pixel, low, high = bytes.fromhex(arguments[4]), float(arguments[5]) * width, float(arguments[6]) * width
        tops = {}
        for y, line in enumerate(lines):
            for x in range(width) if pixel in line else ():
                if line[x * size:x * size + 3] == pixel:
                    tops.setdefault(x, y)
        inside = min(y for x, y in tops.items() if low <= x <= high)
        outside = min(y for x, y in tops.items() if not low <= x <= high)
        assert inside + 100 < outside, "spike at row %d, all else at %d" % (inside, outside)
        return
    for colour in arguments[3:]:
        count = sum(line.count(bytes.fromhex(colour)) for line in lines)
        assert count > 500, "colour %s: %d pixels" % (colour, count)


main(sys.argv[1:])
