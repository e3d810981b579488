#!/usr/bin/env python3
"""mesh_page.py SMALL LARGE: the pages of a mesh of 12 sites and of one of 50, in headless Chromium: the matrix by pointer and keys, what is folded, the search."""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

small, large = sys.argv[1:3]
failures = 0
DOWN, RIGHT, ENTER, ESCAPE = "\ue015", "\ue014", "\ue007", "\ue00c"


def check(what, good, got=""):
    global failures
    failures += not good
    print("ok - " + what if good else "not ok - %s: %s" % (what, got), flush=True)


# Texts of the matrix that are wider or higher than their cell, and heads that meet.
CLIPPED = """
const over = [...document.querySelectorAll('#matrix tbody td a')].filter(a => { const r = document.createRange(); r.selectNodeContents(a);
  const t = r.getBoundingClientRect(), c = a.parentNode.getBoundingClientRect(); return t.width > c.width + .5 || t.height > c.height + 4; }).map(a => a.textContent);
const heads = [...document.querySelectorAll('#matrix thead th span')].map(e => e.getBoundingClientRect());
const rows = [...document.querySelectorAll('#matrix tbody th span')].map(e => e.getBoundingClientRect());
return [over, heads.filter((r, i) => i && r.left < heads[i - 1].right - 2).length, rows.filter((r, i) => i && r.top < rows[i - 1].bottom - 6).length];
"""
SEEN = "return [...document.querySelectorAll(arguments[0])].filter(e => !e.closest('[hidden]')).map(e => e.textContent.trim())"
SAID = "return document.querySelector('.matrix-box .read-cell').textContent"


def search(b, text):
    b.run("const box = document.getElementById('search'); box.value = ''; box.focus();")
    b.keys(*text)
    b.settle(0.4)
    return b.run("return document.getElementById('found').textContent")


def names(b, rows):
    return b.run("return [...document.querySelectorAll(arguments[0])].filter(e => !e.closest('[hidden]')).map(e => e.cells[0].textContent.trim())", rows)


def check_matrix(b, page, width, fits):
    b.size(width, 900)
    b.open(page)
    b.settle(0.4)
    over, heads, rows = b.run(CLIPPED)
    check("%d pixels: no text of the matrix is cut off, none meets another" % width, not over and heads == 0 and rows == 0, (over[:5], heads, rows))
    wide = b.run("const s = document.querySelector('.matrix-box .scroll'); return [document.documentElement.scrollWidth, s.scrollWidth - s.clientWidth]")
    check("%d pixels: the page is not wider, the matrix %s" % (width, "fits" if fits else "scrolls by itself"), wide[0] <= width and (wide[1] <= 0) == fits, wide)
    b.run("const s = document.querySelector('.matrix-box .scroll'); s.scrollTop = 150; s.scrollLeft = 150;")
    at = b.run("const s = document.querySelector('.matrix-box .scroll').getBoundingClientRect(), r = q => document.querySelector(q).getBoundingClientRect();"
               "return [r('#matrix thead th:last-child').top - s.top, r('#matrix tbody tr:last-child th').left - s.left]")
    check("%d pixels: its heads stay in sight" % width, all(abs(x) < 3 for x in at), at)


def check_keys(b):
    b.open(large)
    b.settle(0.4)
    b.run("document.querySelector('#matrix a[tabindex=\"0\"]').focus()")
    check("the first cell is read where the keyboard comes to it", b.run(SAID).startswith("AMS\u2192ATL: delivered"), b.run(SAID))
    b.keys(DOWN, DOWN, RIGHT)
    b.settle(0.2)
    check("arrows read the matrix, over the cells of no leg", b.run(SAID).startswith("BOM\u2192BLR: "), b.run(SAID))
    b.keys(ENTER)
    b.settle(0.4)
    at = b.run("const e = document.querySelector(location.hash), r = e.getBoundingClientRect(); return [e.textContent.trim().slice(0, 7), e.closest('details').open, r.height > 0 && r.top >= 0 && r.bottom <= innerHeight]")
    check("Enter goes to its line, and opens what was folded", at == ["BOM\u2192BLR", True, True], at)
    b.run("document.querySelector('#matrix a').closest('table').scrollIntoView()")
    cell = b.run("const a = [...document.querySelectorAll('#matrix a')].find(a => /^ATL\u2192BOM/.test(a.title)), r = a.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]")
    b.mouse(tuple(cell))
    b.settle(0.2)
    check("under the pointer: its value and its incident", "loss 3" in b.run(SAID) and "; incident " in b.run(SAID), b.run(SAID))


def check_search(b):
    b.open(large)
    b.settle(0.4)
    found = search(b, "maa ams")
    check("two words: both directions of a pair", found == "2 of 2450 legs" and sorted(names(b, "table.legs tbody tr")) == ["AMS\u2192MAA", "MAA\u2192AMS"], (found, names(b, "table.legs tbody tr")[:5]))
    check("their parts are opened, the others hidden", b.run("return [...document.querySelectorAll('details.from')].filter(d => !d.hidden).map(d => d.open)") == [True, True])
    check("of the matrix two cells stand out", b.run("return document.querySelectorAll('#matrix.searched td.hit').length") == 2)
    check("the pictures of other pairs are hidden", all("AMS" in x and "MAA" in x for x in b.run(SEEN, "details.pair h3")), b.run(SEEN, "details.pair h3"))
    check("the incident of all legs to MAA stays, since one of them is of it", any("MAA" in x for x in b.run(SEEN, "#incident-table tbody tr")), b.run(SEEN, "#incident-table tbody tr"))
    found = search(b, "zrh->ams")
    check("an arrow is a direction", found == "1 of 2450 legs" and names(b, "table.legs tbody tr") == ["ZRH\u2192AMS"], found)
    found = search(b, "aa")
    check("a part of a name: all legs of the site, in tables too", found == "98 of 2450 legs" and all("MAA" in x for x in names(b, "#summary-table tbody tr, #strip tbody tr, #percentile-table tbody tr")), found)
    b.keys(ENTER)
    b.settle(0.3)
    check("Enter goes to the first leg", b.run("const e = document.querySelector(location.hash); return e !== null && e.textContent.includes('MAA') && !e.closest('details:not([open])')"))
    found = search(b, "nowhere")
    check("nothing found is said", found == "0 of 2450 legs" and b.run(SEEN, "details.from") == [], found)
    b.keys(ESCAPE)
    b.settle(0.3)
    check("Escape shows all, folded as before", len(names(b, "table.legs tbody tr")) == 2450 and b.run("return document.querySelectorAll('#matrix.searched').length") == 0)
    search(b, "zrh")
    b.run("location.hash = '#leg0'")
    b.settle(0.3)
    check("a link to a leg that a search hides shows it", b.run("const e = document.getElementById('leg0'); return !e.closest('[hidden]') && document.getElementById('search').value === ''"))


def check_small(b):
    b.size(1280, 900)
    b.open(small)
    b.settle(0.4)
    check("of 132 legs the gravest are open, the others folded", b.run("return [...document.querySelectorAll('details.pair')].map(d => d.open ? 1 : 0).join('')").lstrip("1").strip("0") == "")
    found = search(b, "cdg cpt")
    check("what was folded is opened by the search", found == "2 of 132 legs" and b.run("return [...document.querySelectorAll('details.pair')].filter(d => !d.hidden).map(d => d.open)") == [True], found)
    b.keys(ESCAPE)
    b.settle(0.3)
    b.cdp("Emulation.setScriptExecutionDisabled", value=True)
    b.open(small)
    time.sleep(0.5)
    b.cdp("Emulation.setScriptExecutionDisabled", value=False)
    seen = b.run("return [document.querySelectorAll('#matrix tbody td a').length, document.getElementById('search'), [...document.querySelectorAll('details.pair:not([open]) > summary')].filter(e => e.getBoundingClientRect().height > 0).length > 9]")
    check("without scripts: the matrix, no search, what is folded can be opened", seen == [132, None, True], seen)


def main():
    with Browser() as b:
        check_matrix(b, large, 1280, True)
        check_matrix(b, large, 390, False)
        b.size(1280, 900)
        check_keys(b)
        check_search(b)
        check_small(b)
        errors = b.errors()
        check("nothing of that made an error", errors == [], errors)


main()
sys.exit(failures > 0)
