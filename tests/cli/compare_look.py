"""compare_look.py PAGE...: what the eye gets of a page of longhaul compare, in headless Chromium at 390 and 1280 pixels, in light and in dark:
nothing overlaps or is cut off, everything can be read, no drawing is empty; the rules of page_look.py. A test line for each."""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page_look as look  # noqa: E402
from browser import Browser  # noqa: E402

# Each curve covers a part of its drawing; no label is outside.
DRAWINGS = r"""
const found = [];
let n = 0;
for (const svg of document.querySelectorAll('.drawing svg')) {
  const box = svg.getBoundingClientRect();
  for (const name of ['a', 'b']) {
    const r = svg.querySelector('path.' + name).getBoundingClientRect();
    n++;
    if (Math.max(r.width, r.height) < 0.04 * box.width || r.left < box.left - 2 || r.right > box.right + 2 || r.bottom > box.bottom + 2 || r.top < box.top - 2)
      found.push([svg.getAttribute('aria-label').slice(0, 60), name, Math.round(r.width), Math.round(r.height)]);
  }
  for (const t of svg.querySelectorAll('text')) {
    const r = t.getBoundingClientRect();
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.bottom > box.bottom + 1) found.push(['outside', t.textContent]);
  }
}
return [n, found.slice(0, 5)];
"""
OPEN = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"


def look_at(b, name, width):
    for theme in ("light", "dark"):
        b.size(width, 900)
        b.media(prefers_color_scheme=theme)
        b.run("location.reload()")
        b.wait("return document.readyState === 'complete'")
        b.run(OPEN)
        b.settle(0.2)
        where = "%s, %d pixels, %s: " % (name, width, theme)
        n, found = b.run(look.CONTRAST)
        look.check(where + "every text has a contrast of 4.5 or more", n > 50 and not found, found)
        if theme == "dark":
            continue
        n, found = b.run(look.OVERLAPS)
        look.check(where + "no text overlaps another", n > 50 and not found, found)
        cut = b.run(look.CUT)
        look.check(where + "no text is cut off, except where a box scrolls and shows it", not cut, cut)
        wide = b.run("return document.documentElement.scrollWidth")
        look.check(where + "the page is not wider than the window", wide <= width, wide)
        n, found = b.run(DRAWINGS)
        look.check(where + "both curves are in each drawing, and its labels", n > 0 and not found, found)


with Browser() as browser:
    for page in sys.argv[1:]:
        title = re.sub(r"\.html$", "", os.path.basename(page))
        browser.open(page)
        browser.wait("return document.readyState === 'complete'")
        for pixels in (390, 1280):
            look_at(browser, title, pixels)
        faults = browser.run(look.RULES)
        look.check(title + ": names, landmarks, headings, tables, as axe-core wants them", not faults, faults)
        browser.run("document.querySelector('#summary-table thead th:nth-child(4) button').click()")
        order = browser.run("return [...document.querySelectorAll('#summary-table tbody tr')].map((r) => Number(r.cells[3].dataset.v))")
        look.check(title + ": a click on a head sorts", order == sorted(order, reverse=True), order)
        words = browser.errors()
        look.check(title + ": no word on the console", words == [], words)
sys.exit(look.failures > 0)
