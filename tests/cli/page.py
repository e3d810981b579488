#!/usr/bin/env python3
"""page.py STORY_PAGE STORY_DATA STORY.json STATIC_PAGE HOSTILE_PAGE MESH_PAGE TCP_PAGE GAPS_PAGE GAPS.json DENSE_PAGE
DENSE.json [SHOTS]: the page in headless Chromium. Values that it shows
are compared with the files it was made from, colours with WCAG. Prints a test line for each; with SHOTS, leaves pictures there."""
import json
import os
import re
import statistics
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser

page, folder, story, static, hostile, mesh, tcp, gaps, gaps_told, dense, dense_told = sys.argv[1:12]
shots = sys.argv[12] if len(sys.argv) > 12 else None
story, gaps_told, dense_told = (json.load(open(f)) for f in (story, gaps_told, dense_told))
failures = 0


def check(what, good, got=""):
    global failures
    failures += not good
    print("ok - " + what if good else "not ok - %s: %s" % (what, got), flush=True)


def check_silent(what, browser, good=True, got=""):
    """And the console has no error of it."""
    errors = browser.errors()
    check(what, good and errors == [], errors or got)


def intervals(leg):
    name = next(n for n in os.listdir(folder) if n.startswith(leg) and n.endswith(".json"))
    return [i["sum"] for i in json.load(open(os.path.join(folder, name)))["intervals"]]


def seconds_of(clock):
    h, m, s = clock.rstrip("Z").split(":")
    return (int(h) * 3600 + int(m) * 60 + float(s) - story["start"] % 86400) % 86400


def numbers(text):
    return [float(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?", text)]


# ---- the page's own parts

def leg_number(browser, label):
    return browser.run("return Number([...document.querySelectorAll('article.leg')].find(a => a.querySelector('h4').textContent === arguments[0])"
                       ".dataset.leg)", label.replace("->", "\u2192"))


def ready(browser, leg):
    """The chart of a leg, in sight, when nothing above it grows any more: the rectangle where data are drawn."""
    before = None
    for _ in range(50):
        browser.run("document.getElementById('leg' + arguments[0]).scrollIntoView({block: 'center'})", leg)
        browser.settle(0.15)
        at = browser.run("const plots = document.querySelector('#leg' + arguments[0] + ' .plots'); if (!plots || !plots.querySelector('canvas')) return null;"
                         "const r = plots.getBoundingClientRect(), p = plots.querySelector('.plot.rate').getBoundingClientRect();"
                         "return {left: r.left + 64, right: r.right - 5, y: p.top + p.height / 2}", leg)
        if at and at == before:
            return at
        before = at
    raise RuntimeError("the chart of leg %d does not settle" % leg)


def readout(browser, leg):
    return browser.run("return document.querySelector('#leg' + arguments[0] + ' .readout').innerText", leg).replace("\n", " ")


def hover(browser, leg, share):
    at = ready(browser, leg)
    browser.mouse((at["left"] + share * (at["right"] - at["left"]), at["y"]))
    browser.settle(0.2)
    return readout(browser, leg)


def hover_at(browser, leg, second):
    """As near as pixels allow: the second look corrects the first."""
    share = second / story["seconds"]
    seen = told(hover(browser, leg, share))
    return hover(browser, leg, share + (second - seen[0] - seen[1] / 2) / story["seconds"])


def told(text):
    """What a readout says: (from, length, [rates], lost, sent, [jitters])."""
    begin = seconds_of(re.search(r"([\d:.]+)Z", text).group(1))
    length = re.search(r"for ([\d.]+) (s|min|h)", text)
    unit = {"s": 1, "min": 60, "h": 3600}[length.group(2)]
    rates = numbers(re.search(r"rate.*?((?:[\d.]+ / )*[\d.]+) Mbps", text).group(1))
    lost = re.search(r"lost ([\d,]+) of ([\d,]+)", text)
    jitters = re.search(r"jitter(?: median / max)? ((?:[\d.]+ / )*[\d.]+) ms", text)
    return begin, float(length.group(1)) * unit, rates, [int(n.replace(",", "")) for n in lost.groups()], numbers(jitters.group(1)) if jitters else []


def is_true(text, rows):
    """Is what the readout says what the file says?"""
    begin, length, rates, lost, jitters = told(text)
    of = [r for r in rows if begin - 1e-6 <= r["start"] < begin + length - 1e-6]
    rate = [r["bits_per_second"] / 1e6 for r in of]
    want = [min(rate), statistics.median(rate), max(rate)] if len(of) > 1 else rate
    jitter = [r["jitter_ms"] for r in of]
    want_jitter = [statistics.median(jitter), max(jitter)] if len(of) > 1 else jitter
    good = (all(abs(a - b) <= 1.1e-4 for a, b in zip(rates, want)) and len(rates) == len(want)
            and lost == [sum(r["lost_packets"] for r in of), sum(r["packets"] for r in of)]
            and all(abs(a - b) <= 1.1e-4 for a, b in zip(jitters, want_jitter)))
    return good, (text, want, want_jitter)


# ---- colours (WCAG 2.1, 1.4.3)

def luminance(colour):
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    x, y = sorted((luminance(a), luminance(b)), reverse=True)
    return (x + 0.05) / (y + 0.05)


def check_colours():
    css = open(page, encoding="utf-8").read()
    css = css[css.index(":root {"):css.index("</style>")]
    themes = [dict(re.findall(r"--([\w-]+): ([^;]+);", b)) for b in re.findall(r":root[^{]*\{([^}]*--text[^}]*)\}", css)]
    check("a light theme, a dark one, and one for print", len(themes) == 3, len(themes))
    for name, theme in zip(("light", "dark", "print"), themes):
        pairs = [(k, k + "-bg") for k in theme if k + "-bg" in theme]
        pairs += [(k, "bg") for k in ("text", "muted", "link", "in", "out")] + [(k, "surface") for k in ("text", "muted", "link", "in", "out")]
        worst = min((contrast(theme[a], theme[b]), a, b) for a, b in pairs if a in theme)
        check("%s: every text reads (least contrast %.2f, %s on %s)" % ((name,) + worst), worst[0] >= 4.5)
        lines = min((contrast(theme[k], theme["bg"]), k) for k in ("line-in", "line-out", "line-loss", "line-jitter", "line-rtt") if k in theme) if "line-in" in theme else (9, "")
        check("%s: every line is seen (least contrast %.2f, %s)" % ((name,) + lines), lines[0] >= 3)


# ---- with scripts

def check_hover(b):
    for label, share in (("HK->WUS", 0.1), ("KC->WUS", (story["pair_s"] + 5) / story["seconds"]), ("WUS->UAE", 0.9)):
        leg = leg_number(b, label)
        text = hover(b, leg, share)
        good, why = is_true(text, intervals(label.replace("->", "-")))
        check("hover over %s says what the file says" % label, good, why)
        check("at the time that it points at", abs(told(text)[0] - share * story["seconds"]) < 0.02 * story["seconds"], text)
    kc, back = leg_number(b, "KC->WUS"), leg_number(b, "WUS->KC")
    text = hover_at(b, kc, story["pair_s"] + 10)
    check("in an event the second itself is there", told(text)[1] == 1 and "rate cap, pair" in text, text)
    check("the cursor of the others is at the same time", abs(told(readout(b, back))[0] - told(text)[0]) < 60, readout(b, back))
    check("and drawn in their charts", b.run("return getComputedStyle(document.querySelector('#leg' + arguments[0] + ' .cursor')).display", back) == "block")
    text = hover(b, leg_number(b, "UAE->WUS"), 0.95)
    check("where nothing was observed it says so", "not observed" in text, text)


def check_zoom(b):
    leg, other = leg_number(b, "HK->WUS"), leg_number(b, "WUS->HK")
    at = ready(b, leg)
    width = at["right"] - at["left"]
    b.mouse((at["left"] + 0.25 * width, at["y"]), "down", (at["left"] + 0.4 * width, at["y"]), (at["left"] + 0.5 * width, at["y"]), "up")
    b.settle(0.5)
    for which in (leg, other):
        first, last = told(hover(b, which, 0.01))[0], told(hover(b, which, 0.99))[0]
        check("a drag zooms %s" % ("in" if which == leg else "all charts alike"),
              abs(first - 0.25 * story["seconds"]) < 0.02 * story["seconds"] and abs(last - 0.5 * story["seconds"]) < 0.02 * story["seconds"], (first, last))
    b.run("location.reload()")
    ready(b, leg)
    first, last = told(hover(b, leg, 0.01))[0], told(hover(b, leg, 0.99))[0]
    check("a reload keeps the zoom", abs(first - 0.25 * story["seconds"]) < 0.02 * story["seconds"] and abs(last - 0.5 * story["seconds"]) < 0.02 * story["seconds"], (first, last))
    at = ready(b, leg)
    b.mouse((at["left"] + 50, at["y"]), "down", "up", "down", "up")
    b.settle(0.5)
    check("a double click shows all again", told(hover(b, leg, 0.9))[0] > 0.85 * story["seconds"], readout(b, leg))
    b.run("[...document.querySelectorAll('#controls button')].find(x => x.textContent === '+').click()")
    b.settle(0.4)
    first, last = told(hover(b, leg, 0.01))[0], told(hover(b, leg, 0.99))[0]
    check("the button zooms in by half", abs((last - first) / story["seconds"] - 0.5) < 0.05, (first, last))
    b.run("[...document.querySelectorAll('#controls button')].find(x => x.textContent === 'All').click()")


def check_map(b):
    cell = "document.querySelector('#strip tbody tr:nth-child(' + arguments[0] + ') td:nth-child(' + arguments[1] + ')')"
    b.run(cell + ".focus()", 1, 2)
    b.keys("\ue015", "\ue014")  # down, right
    b.settle(0.2)
    said, title = b.run("return document.querySelector('.read-cell').textContent"), b.run("return " + cell + ".title", 2, 3)
    check("arrow keys read the map off, cell by cell", title != "" and said.endswith(title) and "packets" in said, (said, title))


def check_keyboard(b):
    leg = leg_number(b, "KC->WUS")
    ready(b, leg)
    b.run("document.querySelector('#leg' + arguments[0] + ' .plots').focus()", leg)
    b.keys("\ue011", "n")  # Home
    b.settle(0.4)
    check("n goes to the first event: the hub's silence", "outage, hub WUS" in readout(b, leg) and told(readout(b, leg))[0] == story["hub_s"], readout(b, leg))
    b.keys("\ue014")  # right
    b.settle(0.2)
    check("an arrow goes one second on", told(readout(b, leg))[0] == story["hub_s"] + 1, readout(b, leg))
    b.keys("+", "+", "+")
    b.settle(0.4)
    first, last = told(hover(b, leg, 0.01))[0], told(hover(b, leg, 0.99))[0]
    check("plus zooms in around the cursor", first < story["hub_s"] < last and last - first < 0.2 * story["seconds"], (first, last))
    b.run("document.querySelector('#leg' + arguments[0] + ' .plots').focus()", leg)
    b.keys("0")
    b.settle(0.4)
    check("0 shows all", told(hover(b, leg, 0.99))[0] > 0.95 * story["seconds"], readout(b, leg))
    check("what the keyboard finds is spoken", b.run("return document.querySelector('#leg' + arguments[0] + ' .readout').getAttribute('aria-live')", leg) == "polite")
    reached = b.run("return [...document.querySelectorAll('a[href], button, summary, [tabindex=\"0\"]')].filter(e => e.tabIndex < 0 && !e.closest('#matrix')).length")
    check("all that can be used can be reached by the tab key", reached == 0, reached)
    check("and one cell of the matrix", b.run("return [...document.querySelectorAll('#matrix a')].filter(e => e.tabIndex === 0).length") == 1)


def column(b, name):
    return b.run("const t = document.getElementById('summary-table'), i = [...t.tHead.rows[0].cells].findIndex(c => c.textContent.startsWith(arguments[0]));"
                 "return [[...t.tBodies[0].rows].map(r => Number(r.cells[i].dataset.v)), t.tHead.rows[0].cells[i].getAttribute('aria-sort')]", name)


def check_sort(b):
    press = ("const t = document.getElementById('summary-table');"
             "[...t.tHead.rows[0].cells].find(c => c.textContent.startsWith('Loss %')).querySelector('button').click()")
    b.run(press)
    values, sort = column(b, "Loss %")
    check("a head sorts its column, the greatest first", values == sorted(values, reverse=True) and sort == "descending" and len(set(values)) > 3, (values, sort))
    b.run(press)
    values, sort = column(b, "Loss %")
    check("and the other way round", values == sorted(values) and sort == "ascending", (values, sort))


def check_event_link(b):
    number = b.run("return [...document.querySelectorAll('#event-table tbody tr')].find(r => r.textContent.includes('rate cap') && r.textContent.includes('pair'))"
                   ".querySelector('a[data-event]').dataset.event")
    incident = b.run("return document.querySelector('#e' + arguments[0] + ' .inc').textContent", number)
    b.run("document.querySelector('a[data-event=\"' + arguments[0] + '\"]').click()", number)
    b.settle(0.8)
    leg = b.run("return Number(document.querySelector('a[data-event=\"' + arguments[0] + '\"]').hash.slice(4))", number)
    text = readout(b, leg)
    check("the number of an event leads to it", "#%s rate cap, pair" % incident in text, text)
    first, last = told(hover(b, leg, 0.02))[0], told(hover(b, leg, 0.98))[0]
    check("zoomed in", last - first < 300, (first, last))
    b.run("document.querySelector('.first a[href=\"#i' + arguments[0] + '\"]').click()", incident)
    check("an incident of the first lines leads to its row", b.run("return location.hash") == "#i" + incident)
    b.run("document.querySelector('#i' + arguments[0] + ' a[data-incident]').click()", incident)
    b.settle(0.8)
    leg = b.run("return Number(document.querySelector('#i' + arguments[0] + ' a[data-incident]').hash.slice(4))", incident)
    first, last = told(hover(b, leg, 0.02))[0], told(hover(b, leg, 0.98))[0]
    check("and that to its chart", first < story["pair_s"] < last and last - first < 300, (first, last))
    b.run("[...document.querySelectorAll('#controls button')].find(x => x.textContent === 'All').click()")


def check_themes(b):
    background = "return getComputedStyle(document.body).backgroundColor"
    light = b.run(background)
    b.media(prefers_color_scheme="dark")
    dark = b.run(background)
    check("it is dark where the system is", light == "rgb(255, 255, 255)" and dark != light, (light, dark))
    b.run("document.getElementById('theme').click(); document.getElementById('theme').click()")
    check("and light when the reader says so", b.run(background) == light and b.run("return document.getElementById('theme').textContent") == "Theme: light")
    b.run("location.reload()")
    b.wait("return document.getElementById('theme') !== null")
    check("which a reload keeps", b.run(background) == light)
    b.media(prefers_color_scheme="light")
    b.run("document.getElementById('theme').click()")
    check("and light by itself where the system is", b.run(background) == light)
    b.run("document.getElementById('theme').click()")
    check("and dark when the reader says so", b.run(background) == dark)
    b.run("document.getElementById('theme').click(); document.getElementById('theme').click()")


def check_touch(b):
    leg = leg_number(b, "HK->WUS")
    b.cdp("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    at = ready(b, leg)
    width = at["right"] - at["left"]

    def touch(kind, *xs):
        b.cdp("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": at["left"] + x * width, "y": at["y"], "id": i} for i, x in enumerate(xs)])
        b.settle(0.05)
    touch("touchStart", 0.3)
    touch("touchEnd")
    b.settle(0.3)
    check("a touch reads off", abs(told(readout(b, leg))[0] - 0.3 * story["seconds"]) < 0.03 * story["seconds"], readout(b, leg))
    touch("touchStart", 0.45, 0.55)
    for spread in (0.1, 0.15, 0.2, 0.25):
        touch("touchMove", 0.5 - spread, 0.5 + spread)
    touch("touchEnd")
    b.settle(0.5)
    first, last = told(hover(b, leg, 0.02))[0], told(hover(b, leg, 0.98))[0]
    check("two fingers zoom", last - first < 0.5 * story["seconds"], (first, last))
    b.cdp("Emulation.setTouchEmulationEnabled", enabled=False)
    b.run("[...document.querySelectorAll('#controls button')].find(x => x.textContent === 'All').click()")


def check_narrow(b):
    b.size(375, 800)
    b.open(page)
    b.settle(0.5)
    end = b.run("return [...document.querySelectorAll('.first .said, .first li')].pop().getBoundingClientRect().bottom")
    check("the first screen of a phone has the verdict and the incidents", 0 < end <= 800, end)
    wide = b.run("return document.documentElement.scrollWidth")
    check("375 pixels are enough", wide <= 375, wide)
    small = b.run("return [...document.querySelectorAll('p, li, td, th, a')].filter(e => e.offsetParent && !e.closest('.strip, .dense, svg') && parseFloat(getComputedStyle(e).fontSize) < 11).length")
    check("no text is too small to read", small == 0, small)
    picture(b, "narrow")
    b.size(1280, 900)


def picture(b, name, whole=False):
    if shots:
        b.shot(os.path.join(shots, name + ".png"), whole)


def check_without_scripts(b):
    b.cdp("Emulation.setScriptExecutionDisabled", value=True)
    b.open(page)
    time.sleep(0.3)
    picture(b, "no_scripts", True)
    b.cdp("Emulation.setScriptExecutionDisabled", value=False)
    seen = b.run("const seen = s => [...document.querySelectorAll(s)].filter(e => e.getBoundingClientRect().height > 0).length;"
                 "return [seen('#summary-table tbody tr'), seen('.strip tbody tr'), seen('#incident-table tbody tr') > 4, seen('.matrix tbody td a'), seen('.static svg'),"
                 " seen('#controls'), seen('.live')]")
    check("without scripts: summary, hours, incidents, matrix, pictures", seen == [6, 6, True, 6, 3, 0, 0], seen)


def samples_near(told, leg, second, n):
    """Of the round trips during a test the n that begin at most a second after that one, each rounded to whole seconds."""
    return [ms for at, ms in told[leg]["rtt"] if round(at) <= second + 1][-n:]


def check_round_trips(b):
    """Those of a UDP leg, once a minute: as a chart, and under the pointer."""
    b.open(gaps)
    for label in ("HK->WUS", "WUS->HK"):
        leg = leg_number(b, label)
        for share in (0.3, 0.55, 0.82):
            text = hover(b, leg, share)
            value, second = re.search(r"round trip ([\d.]+) ms", text), seconds_of(re.search(r"([\d:.]+)Z", text).group(1))
            check("the round trip of %s at %g is one that was measured then" % (label, share),
                  value and float(value.group(1)) in samples_near(gaps_told, label.replace("->", "-"), second, 2), text)
        text = hover(b, leg, 0.13)
        check("where none was answered it says so, and why nothing was observed", "not answered" in text and "path-silent" in text, text)
    painted = b.run("const c = [...document.querySelectorAll('#leg' + arguments[0] + ' .plot.trips canvas')].map(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data);"
                    "const want = arguments[1]; return c.map(d => { let n = 0; for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200 && want.every((w, k) => Math.abs(d[i + k] - w) < 30)) n++; return n; })",
                    leg, [0x80, 0x66, 0x00])
    check("they are drawn, from one end of the day to the other", max(painted, default=0) > 300, painted)
    b.run("window.drawn = []; const old = CanvasRenderingContext2D.prototype.fillText;"
          "CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { window.drawn.push(text); return old.call(this, text, ...rest); };"
          "[...document.querySelectorAll('#controls button')].find(x => x.textContent === 'All').click()")
    time.sleep(0.5)
    drawn = b.run("return window.drawn")
    check("a gap has its cause in it where there is room", "suspended" in drawn and "link-down" not in drawn, drawn)
    b.open(dense)
    leg = leg_number(b, "HK->WUS")
    text = hover(b, leg, 0.5)
    value, second = re.search(r"round trip median / max ([\d.]+) / ([\d.]+) ms", text), seconds_of(re.search(r"([\d:.]+)Z", text).group(1))
    near = [ms for at, ms in dense_told["HK-WUS"]["rtt"] if second - 4 <= at <= second + 4]
    together = [(round((x + y) / 2, 3), max(x, y)) for x, y in zip(near, near[1:])]
    check("where there are too many several stand as one, with their median and greatest",
          value and any(abs(float(value.group(1)) - m) < 0.0011 and abs(float(value.group(2)) - most) < 0.0011 for m, most in together), (text, together))
    check_silent("no word on the console about it", b)


def main():
    check_colours()
    with Browser() as b:
        b.open(page)
        check_silent("it opens without a word on the console", b)
        picture(b, "light")
        check_hover(b)
        picture(b, "charts")
        check_zoom(b)
        check_map(b)
        check_keyboard(b)
        check_sort(b)
        check_event_link(b)
        check_touch(b)
        check_themes(b)
        check_silent("nothing of that made an error", b)
        check_narrow(b)
        check_without_scripts(b)
        b.open(static)
        b.settle(0.3)
        check_silent("without dygraphs the page is static, and says so", b, "was not found" in b.run("return document.getElementById('charts').textContent"))
        b.run("document.querySelector('#summary-table thead button').click()")
        check("and its tables can still be sorted", b.run("return document.querySelector('#summary-table th').getAttribute('aria-sort')") == "ascending")
        b.open(hostile)
        b.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        b.settle(0.5)
        check_silent("hostile names do nothing", b, b.run("return document.images.length + document.querySelectorAll('b[onclick]').length") == 0)
        b.open(tcp)
        text = hover(b, 0, 0.515)
        check_silent("a TCP leg shows its retransmits, and its round trips", b, re.search(r"retransmits \d+ segments", text) and "round trip" in text
                     and "loss" not in b.run("return document.querySelector('#leg0 .facts').textContent"), text)
        check_round_trips(b)
        b.open(mesh)
        b.settle(0.5)
        cells = b.run("return document.querySelectorAll('.matrix tbody td a').length")
        check_silent("a mesh of 110 legs opens, with its matrix", b, cells == 110, cells)
        picture(b, "mesh")


main()
sys.exit(failures > 0)
