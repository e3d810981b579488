#!/usr/bin/env python3
"""png.py FILE WIDTH HEIGHT [COLOUR...]: checks that it is a whole PNG of that size, with pixels of these colours (rrggbb).

--spike COLOUR FROM TO: is there a column of pixels in x FROM..TO (shares of the width) that reaches well above the columns of
  that colour elsewhere?
--panels PAGE N: are there N panels below each other, a page's colour between them?
--same OTHER: are the pixels those of another picture?
--reach COLOUR OTHER COLOUR ROOM: does the colour reach as high and as low in each column of pixels as the other one does in the
  other picture, within ROOM pixels?
--dpi N: is that its resolution?
Reads PNG with the standard library: 8 bit, of a palette, RGB or RGBA, not interlaced."""
import struct
import sys
import zlib


class Picture:
    def __init__(self, path):
        data = open(path, "rb").read()
        assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
        at, packed, self.palette, self.resolution = 8, b"", None, 0
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + length]
            assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body), "checksum"
            if kind == b"IHDR":
                self.width, self.height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            elif kind == b"PLTE":
                self.palette = [body[i:i + 3] for i in range(0, length, 3)]
            elif kind == b"pHYs":
                self.resolution = struct.unpack(">IIB", body)[0] * 0.0254
            elif kind == b"IDAT":
                packed += body
            at += 12 + length
        assert kind == b"IEND" and depth == 8 and colour in (2, 3, 6) and not interlaced
        self.size = {2: 3, 3: 1, 6: 4}[colour]
        self.rows = list(unfilter(self.width, self.height, self.size, zlib.decompress(packed)))

    def mask(self, colour):
        """Of each row a byte for each pixel: 1 where it has the colour."""
        colour = bytes.fromhex(colour)
        if self.size == 1:
            table = bytes(1 if i < len(self.palette) and self.palette[i] == colour else 0 for i in range(256))
            return [row.translate(table) for row in self.rows]
        return [bytes(row[x:x + 3] == colour for x in range(0, len(row), self.size)) for row in self.rows]

    def colours(self):
        if self.size == 1:
            return [b"".join([self.palette[i] for i in row]) for row in self.rows]
        return [b"".join([row[x:x + 3] for x in range(0, len(row), self.size)]) for row in self.rows]

    def reach(self, colour):
        """Of each column the first and the last row with the colour; the legend, at the foot, left out."""
        first, last = {}, {}
        for y, row in enumerate(self.mask(colour)[:int(self.height * 0.9)]):
            x = row.find(1)
            while x >= 0:
                first.setdefault(x, y)
                last[x] = y
                x = row.find(1, x + 1)
        return first, last


def unfilter(width, height, size, raw):
    stride = width * size
    before = bytes(stride)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)]
        if kind:
            line = bytearray(line)
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
        before = bytes(line)
        yield before


def main(arguments):
    path, want_width, want_height = arguments[0], int(arguments[1]), int(arguments[2])
    picture = Picture(path)
    assert (picture.width, picture.height) == (want_width, want_height), "is %d x %d" % (picture.width, picture.height)
    what, rest = arguments[3:4], arguments[4:]
    if what == ["--spike"]:
        low, high = float(rest[1]) * picture.width, float(rest[2]) * picture.width
        tops = picture.reach(rest[0])[0]
        inside = min(y for x, y in tops.items() if low <= x <= high)
        outside = min((y for x, y in tops.items() if not low <= x <= high), default=picture.height)
        assert inside + 100 < outside, "spike at row %d, all else at %d" % (inside, outside)
    elif what == ["--panels"]:
        x, runs, length = int(picture.width * 0.97), 0, 0
        for row in picture.mask(rest[0]):
            length = 0 if row[x] else length + 1
            runs += length == 40
        assert runs == int(rest[1]), "%d panels" % runs
    elif what == ["--same"]:
        assert picture.colours() == Picture(rest[0]).colours(), "other pixels"
    elif what == ["--dpi"]:
        assert abs(picture.resolution - float(rest[0])) < 0.5, "%g dpi" % picture.resolution
    elif what == ["--reach"]:
        (tops, bottoms), (wanted_tops, wanted_bottoms) = picture.reach(rest[0]), Picture(rest[1]).reach(rest[2])
        room, near = int(rest[3]), range(-3, 4)  # lines have a thickness: a column's neighbours see its spikes

        def falls_short(of, by, sign):
            """Columns in which one ends before the other."""
            return [x for x in by if sign * by[x] + room < min((sign * of[x + k] for k in near if x + k in of), default=9999)]
        off = falls_short(tops, wanted_tops, 1) + falls_short(wanted_tops, tops, 1) + \
            falls_short(bottoms, wanted_bottoms, -1) + falls_short(wanted_bottoms, bottoms, -1)
        assert len(wanted_tops) > picture.width / 2 and not off, "%d of %d columns differ: %s" % (len(off), len(wanted_tops), off[:9])
    else:
        for colour in arguments[3:]:
            count = sum(row.count(1) for row in picture.mask(colour))
            assert count > 500, "colour %s: %d pixels" % (colour, count)


main(sys.argv[1:])
