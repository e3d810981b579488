#!/usr/bin/env python3
"""page_look.py PAGE...: what the eye and a screen reader get of index.html, measured in headless Chromium at 390 and 1280 pixels, in light and in
dark: no text overlaps another or is cut off, every text can be read on what is behind it (WCAG 1.4.3), names, landmarks, headings and tables are
as axe-core's rules want them, the keyboard alone reaches everything, print loses no column. A test line for each."""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

failures = 0
TAB, SHIFT, ESCAPE, ENTER, RIGHT, END = "\ue004", "\ue008", "\ue00c", "\ue007", "\ue014", "\ue010"


def check(what, good, got=""):
    global failures
    failures += not good
    print("ok - " + what if good else "not ok - %s: %s" % (what, got), flush=True)


# ---- texts: the rectangles of their lines, as far as they are seen

TEXTS = r"""
const clipOf = (e) => {                     /* what an element's ancestors let be seen of it */
  let r = {left: 0, top: -1e9, right: 1e9, bottom: 1e9};
  for (let p = e; p && p !== document.documentElement; p = p.parentElement) {
    const s = getComputedStyle(p);
    if (s.overflowX !== 'visible' || s.overflowY !== 'visible') {
      const b = p.getBoundingClientRect();
      r = {left: Math.max(r.left, b.left), top: Math.max(r.top, b.top), right: Math.min(r.right, b.right), bottom: Math.min(r.bottom, b.bottom)};
    }
  }
  return r;
};
const stickyOf = (e) => { for (let p = e; p; p = p.parentElement) if (['sticky', 'fixed'].includes(getComputedStyle(p).position)) return true; return false; };
const texts = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
  for (let n; (n = walker.nextNode());) {
    const e = n.parentElement;
    if (!n.nodeValue.trim() || e.closest('script, style, noscript, .vh, .skip, dialog, title, desc')) continue;
    const s = getComputedStyle(e);
    if (s.visibility === 'hidden' || s.display === 'none' || (e.checkVisibility && !e.checkVisibility())) continue;
    const range = document.createRange();
    range.selectNodeContents(n);
    const clip = clipOf(e), sticky = stickyOf(e);
    for (const r of range.getClientRects()) {
      const left = Math.max(r.left, clip.left), top = Math.max(r.top, clip.top), right = Math.min(r.right, clip.right), bottom = Math.min(r.bottom, clip.bottom);
      const gone = right - left < 1 || bottom - top < 1;
      if (r.width > 0) out.push({gone, e, text: n.nodeValue.trim().slice(0, 40), left, top, right, bottom, whole: r, sticky, size: parseFloat(s.fontSize)});
    }
  }
  return out;
};
"""

OVERLAPS = TEXTS + r"""
const all = texts().filter((t) => !t.gone && !t.sticky && !t.e.closest('.cursor')).sort((a, b) => a.top - b.top), found = [];
/* A line's rectangle has room above and below its letters: what is written takes the middle 60 %. */
for (const t of all) { const h = t.whole.bottom - t.whole.top; t.up = Math.max(t.top, t.whole.top + 0.2 * h); t.down = Math.min(t.bottom, t.whole.bottom - 0.2 * h); }
for (let i = 0; i < all.length; i++)
  for (let k = i + 1; k < all.length && all[k].top < all[i].bottom; k++) {
    const a = all[i], b = all[k], x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.down, b.down) - Math.max(a.up, b.up);
    if (x > 1 && y > 1) found.push([a.text, b.text, Math.round(x), Math.round(y)]);
  }
return [all.length, found.slice(0, 8)];
"""

# Cut off at the side, by anything but a box that scrolls and shows that it does.
CUT = TEXTS + r"""
const found = [];
for (const t of texts()) {
  if (t.whole.right - t.right < 2 && t.left - t.whole.left < 2) continue;
  let p = t.e;
  while (p && !(['auto', 'scroll'].includes(getComputedStyle(p).overflowX) && p.scrollWidth > p.clientWidth)) p = p.parentElement;
  const shown = p && (p.matches('nav') || getComputedStyle(p).backgroundImage.includes('gradient'));
  const ellipsis = getComputedStyle(t.e.closest('th, td') || t.e).textOverflow === 'ellipsis';
  if (!shown && !ellipsis) found.push([t.text, p ? p.className : '']);
}
return found.slice(0, 8);
"""

# The contrast of each text with what is behind it: the backgrounds of its ancestors, or in a picture the element painted below it.
CONTRAST = TEXTS + r"""
const parse = (c) => { const m = c.match(/[\d.]+/g); return m ? [+m[0], +m[1], +m[2], m.length > 3 ? +m[3] : 1] : null; };
const mix = (f, b) => [0, 1, 2].map((i) => f[i] * f[3] + b[i] * (1 - f[3])).concat(1);
const lum = (c) => { const l = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
const behind = (e) => {
  const layers = [];
  for (let p = e; p; p = p.parentElement) {
    const c = parse(getComputedStyle(p).backgroundColor);
    if (c && c[3] > 0) layers.push(c);
    if (c && c[3] === 1) break;
  }
  return layers.reverse().reduce((below, c) => mix(c, below), [255, 255, 255, 1]);
};
const found = [];
let n = 0;
for (const t of texts()) {
  if (t.gone || t.e.closest('.static svg')) continue;
  const s = getComputedStyle(t.e), front = parse(s.color), back = behind(t.e), f = mix(front, back);
  const [x, y] = [lum(f), lum(back)].sort((a, b) => b - a), ratio = (x + 0.05) / (y + 0.05);
  n++;
  if (ratio < 4.5) found.push([t.text, ratio.toFixed(2), s.color, back.slice(0, 3).join(',')]);
}
return [n, found.slice(0, 8)];
"""

# ---- what a screen reader gets: rules of axe-core, whose names are in brackets

RULES = r"""
const found = [], tell = (rule, e) => found.push(rule + ': ' + (e && e.outerHTML ? e.outerHTML.slice(0, 90) : e));
const nameOf = (e) => {
  const by = e.getAttribute('aria-labelledby');
  if (by) return by.split(/\s+/).map((id) => (document.getElementById(id) || {textContent: ''}).textContent).join(' ').trim();
  if (e.getAttribute('aria-label')) return e.getAttribute('aria-label').trim();
  if (e.labels && e.labels.length) return e.labels[0].textContent.trim();
  return (e.textContent || '').trim() || (e.getAttribute('title') || '').trim();
};
for (const e of document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=group], [role=region], dialog, output'))
  if (!e.matches('output') && e.checkVisibility() && !nameOf(e)) tell('[button-name, link-name, label] a control without a name', e);
for (const e of document.querySelectorAll('svg, [role=img]'))
  if (e.tagName === 'svg' && !e.closest('svg svg') && !nameOf(e) && !e.closest('[aria-hidden=true]')) tell('[svg-img-alt] a picture without a name', e);
for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) tell('[image-alt] a picture without a text', e);
if (document.querySelectorAll('main').length !== 1) tell('[landmark-one-main] not one main', document.querySelectorAll('main').length);
if (document.querySelectorAll('h1').length !== 1) tell('[page-has-heading-one] not one h1', document.querySelectorAll('h1').length);
if (!document.documentElement.lang) tell('[html-has-lang] no language', document.documentElement);
if (!document.title) tell('[document-title] no title', '');
let before = 0;
for (const e of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
  if (e.closest('dialog')) continue;
  const level = Number(e.tagName[1]);
  if (level > before + 1) tell('[heading-order] a level is skipped', e);
  if (!e.textContent.trim()) tell('[empty-heading] a heading without a text', e);
  before = level;
}
const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) tell('[duplicate-id] an id is there twice', id);
for (const e of document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls]'))
  for (const a of ['aria-labelledby', 'aria-describedby', 'aria-controls'])
    for (const id of (e.getAttribute(a) || '').split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) tell('[aria-valid-attr-value] ' + a + ' leads nowhere', e);
for (const table of document.querySelectorAll('table')) {
  if (!table.caption || !table.caption.textContent.trim()) tell('a table without a caption', table);
  for (const e of table.querySelectorAll('th')) if (!['col', 'row', 'colgroup', 'rowgroup'].includes(e.scope) && e.textContent.trim()) tell('[scope-attr-valid] a head without a scope', e);
  for (const e of table.querySelectorAll('th')) if (!e.textContent.trim() && (e.cellIndex || e.parentNode.rowIndex)) tell('[empty-table-header] a head without a text', e);
  const rows = [...table.tBodies].flatMap((b) => [...b.rows]);
  if (rows.length && !rows.every((r) => r.querySelector('th[scope=row]'))) tell('[td-has-header] a row without a head', table);
  const wide = (r) => [...r.cells].reduce((n, c) => n + c.colSpan, 0);
  if (table.tHead && rows.length && new Set([wide(table.tHead.rows[0]), ...rows.map(wide)]).size !== 1) tell('rows are not equally wide', table);
}
for (const e of document.querySelectorAll('body > *'))
  if (e.textContent.trim() && !e.matches('header, nav, main, footer, script, style, dialog, a.skip, noscript')) tell('[region] text outside of landmarks', e);
for (const e of document.querySelectorAll('[aria-hidden=true]'))
  if (e.matches('a[href], button, [tabindex="0"]') || e.querySelector('a[href], button, [tabindex="0"]')) tell('[aria-hidden-focus] hidden, and can have the focus', e);
for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) tell('[tabindex] above 0', e);
for (const e of document.querySelectorAll('.scroll'))
  if (e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0) tell('[scrollable-region-focusable] scrolls, and the keyboard cannot', e);
for (const e of document.querySelectorAll('li')) if (!e.parentElement.matches('ul, ol')) tell('[listitem] outside of a list', e);
for (const e of document.querySelectorAll('dt, dd')) if (!e.parentElement.matches('dl')) tell('[dlitem] outside of a list', e);
for (const e of document.querySelectorAll('a a, button button, a button, summary a, summary button')) tell('[nested-interactive]', e);
return found.slice(0, 12);
"""

OPEN = "document.querySelectorAll('details.pair, details.fold').forEach((d) => { d.open = true; });"


def all_drawn(b):
    """Every chart is made when it comes into sight; then all of the page is in sight."""
    b.run(OPEN)
    height = b.run("return document.documentElement.scrollHeight")
    for y in range(0, height, 700):
        b.run("scrollTo(0, arguments[0])", y)
        b.settle(0.05)
    b.run("scrollTo(0, 0)")
    b.settle(0.3)


def check_measures(b, name):
    """What is measured can be wrong: faults made on purpose are found."""
    b.size(1280, 900)
    b.run("const p = document.createElement('p'), at = document.querySelector('h1').getBoundingClientRect(); p.id = 'fault'; p.textContent = 'a fault';"
          "p.style.cssText = 'position: absolute; left: ' + (at.left + 5) + 'px; top: ' + (at.top + scrollY) + 'px; color: #aaa; background: #fff; margin: 0';"
          "document.body.append(p)")
    found = [any("a fault" in str(f) for f in b.run(script)[1]) for script in (OVERLAPS, CONTRAST)]
    b.run("const p = document.getElementById('fault'); p.style.cssText = 'position: absolute; left: 0; top: 0; width: 20px; overflow: hidden; white-space: nowrap'; p.innerHTML = '<button></button>a fault'")
    found += [any("a fault" in str(f) for f in b.run(CUT)), any("button-name" in f for f in b.run(RULES)), any("region" in f for f in b.run(RULES))]
    b.run("document.getElementById('fault').remove()")
    check(name + ": overlap, contrast, what is cut off, names, landmarks: faults made on purpose are found", all(found), found)


def check_texts(b, name):
    for width in (1280, 390):
        b.size(width, 900)
        for theme in ("light", "dark"):
            b.media(prefers_color_scheme=theme)
            b.run("location.reload()")
            b.wait("return document.readyState === 'complete'")
            all_drawn(b)
            where = "%s, %d pixels, %s: " % (name, width, theme)
            if theme == "light":
                n, found = b.run(OVERLAPS)
                check(where + "no text overlaps another (%d)" % n, n > 50 and not found, found)
                for times in (1, 2, 3):  # marks of time get nearer: minutes, then seconds
                    b.run("[...document.querySelectorAll('#controls button')].find((x) => x.textContent === '+').click()")
                    all_drawn(b)
                    n, found = b.run(OVERLAPS)
                    check(where + "nor when zoomed in %d times" % times, n > 50 and not found, found)
                b.run("[...document.querySelectorAll('#controls button')].find((x) => x.textContent === 'All').click()")
                all_drawn(b)
                check(where + "no text is cut off, except where a box scrolls and shows it", not (cut := b.run(CUT)), cut)
                wide = b.run("return document.documentElement.scrollWidth")
                check(where + "the page is not wider than the window", wide <= width, wide)
            n, found = b.run(CONTRAST)
            check(where + "every text has a contrast of 4.5 or more (%d)" % n, n > 50 and not found, found)
    b.media(prefers_color_scheme="light")
    b.size(1280, 900)


# ---- the pictures in the page, as a browser lays them out

def check_pictures(b, name):
    """Texts of gnuplot's pictures; charts hide them, print shows them."""
    b.media("print")
    b.run(OPEN)
    b.settle(0.3)
    n, found = b.run(TEXTS + r"""
const found = [];
let n = 0;
for (const svg of document.querySelectorAll('.static svg')) {
  const all = [...svg.querySelectorAll('text')].filter((t) => t.textContent.trim()).map((t) => ({text: t.textContent.trim(), r: t.getBoundingClientRect()})).filter((t) => t.r.width > 0);
  const box = svg.getBoundingClientRect();
  n += all.length;
  for (const t of all) if (t.r.left < box.left - 1 || t.r.right > box.right + 1 || t.r.top < box.top - 1 || t.r.bottom > box.bottom + 1) found.push(['outside', t.text]);
  for (let i = 0; i < all.length; i++)
    for (let k = i + 1; k < all.length; k++) {
      const a = all[i].r, b = all[k].r, x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom - 0.2 * a.height, b.bottom - 0.2 * b.height) - Math.max(a.top + 0.2 * a.height, b.top + 0.2 * b.height);
      if (x > 1 && y > 1) found.push([all[i].text, all[k].text, Math.round(x), Math.round(y)]);
    }
}
return [n, found.slice(0, 8)];""")
    check(name + ": no text of a picture overlaps another, none is outside (%d)" % n, n > 20 and not found, found)
    lost = b.run("return [...document.querySelectorAll('.scroll')].filter((e) => e.getClientRects().length && !e.closest('details:not([open])'))"
                 ".flatMap((e) => [...e.querySelectorAll('thead th')].filter((h) => { const s = getComputedStyle(h); return s.display === 'none' || s.visibility === 'hidden'; }).map((h) => h.textContent))")
    check(name + ": print hides no column", not lost, lost)
    b.size(754, 1000)  # the width between the margins of A4 at 96 pixels an inch is about 717
    b.settle(0.2)
    over = b.run("return [...document.querySelectorAll('table')].filter((t) => t.getClientRects().length && !t.closest('details:not([open])') && t.getBoundingClientRect().right > innerWidth + 1)"
                 ".map((t) => [t.id || t.className, Math.round(t.getBoundingClientRect().right)])")
    check(name + ": on paper no table is wider than the sheet", not over, over)
    b.media()
    b.size(1280, 900)


# ---- the keyboard alone

WHO = ("const e = document.activeElement; if (!e || e === document.body) return null; const s = getComputedStyle(e), r = e.getBoundingClientRect();"
       "e.dataset.reached = '1'; return [e.tagName, e.id || e.className || e.textContent.slice(0, 20), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, r.width > 0];")


def check_keyboard(b, name):
    b.run("location.reload()")
    b.wait("return document.readyState === 'complete'")
    all_drawn(b)
    wanted = b.run("const all = [...document.querySelectorAll('a[href], button, summary, input, [tabindex=\"0\"]')].filter((e) => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && !e.closest('dialog')"
                   " && !e.closest('details:not([open]) > :not(summary)')); all.forEach((e) => delete e.dataset.reached); return all.length")
    b.run("document.activeElement.blur(); scrollTo(0, 0)")
    unseen = []
    steps = outside = 0
    while steps < wanted + 60 and outside < 2:  # after the last comes the browser itself, then the first
        b.keys(TAB)
        who, steps = b.run(WHO), steps + 1
        outside += who is None and steps > 1
        if who and not who[2]:
            unseen.append(who)
    left = b.run("return [...document.querySelectorAll('a[href], button, summary, input, [tabindex=\"0\"]')].filter((e) => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && !e.closest('dialog')"
                 " && !e.closest('details:not([open]) > :not(summary)') && !e.dataset.reached).map((e) => e.outerHTML.slice(0, 80)).slice(0, 5)")
    check(name + ": the tab key reaches all %d" % wanted, wanted > 20 and not left, left)
    check(name + ": and one sees where it is", not unseen, unseen[:5])
    # In a grid the tab key reaches one cell, arrows the others: of the map, and of the matrix where it is one.
    missed = b.run("return [...document.querySelectorAll('a[href], button, summary')].filter((e) => e.tabIndex < 0 && e.checkVisibility({visibilityProperty: true})"
                   " && !(e.closest('table') && e.closest('table').querySelector('a[href][tabindex=\"0\"], td[tabindex=\"0\"], a[href]:not([tabindex])'))).map((e) => e.outerHTML.slice(0, 80)).slice(0, 5)")
    check(name + ": what the tab key skips is in a grid that it enters", not missed, missed)
    kinds = b.run("const all = [...document.querySelectorAll('[data-reached]')]; return ['.plots', 'nav a', 'thead th button', '.scroll', 'summary', '#theme', '.strip td, .strip th a']"
                  ".filter((s) => document.querySelector(s) && !all.some((e) => e.matches(s)))")
    check(name + ": among them each kind of thing", not kinds, kinds)


def check_keys(b, name):
    b.run("document.activeElement.blur()")
    b.keys("?")
    b.settle(0.2)
    said = b.run("const d = document.getElementById('keys'); return d && d.open ? d.innerText : ''")
    check(name + ": ? tells the keys", all(w in said for w in ("Tab", "Escape", "Home, End", "n p", "zoom")), said[:300])
    check(name + ": with the focus in it", b.run("return document.getElementById('keys').contains(document.activeElement)"))
    b.keys(ESCAPE)
    b.settle(0.2)
    check(name + ": Escape closes it", not b.run("return document.getElementById('keys').open"))
    b.run("document.getElementById('keys-button').click()")
    check(name + ": so does its button", b.run("return document.getElementById('keys').open"))
    b.keys(ESCAPE)
    b.settle(0.2)
    hints = b.run("return [...document.querySelectorAll('.readout')].filter((e) => e.textContent.includes('Point at a chart')).length")
    check(name + ": how to read a chart is said once", hints <= 1, hints)
    told = b.run("const p = document.querySelector('.plots'); p.focus(); return p.getAttribute('aria-label')")
    b.keys(END)
    b.settle(0.2)
    value = b.run("return document.querySelector('.plots').closest('.leg').querySelector('.readout').innerText")
    check(name + ": a focused chart says values, as one that is pointed at", "Z" in value and ("Mbps" in value or "not observed" in value), (told, value))
    b.run("document.querySelector('#summary-table thead th:nth-child(3) button').focus()")
    b.keys(ENTER)
    check(name + ": Enter on a head sorts", b.run("return document.querySelector('#summary-table thead th:nth-child(3)').getAttribute('aria-sort')") == "descending")
    b.keys(ESCAPE)


def main():
    with Browser() as b:
        for page in sys.argv[1:]:
            name = re.sub(r"\.out$", "", os.path.basename(os.path.dirname(os.path.abspath(page))))
            b.open(page)
            b.wait("return document.readyState === 'complete'")
            check_measures(b, name)
            check_texts(b, name)
            all_drawn(b)
            found = b.run(RULES)
            check(name + ": names, landmarks, headings, tables, as axe-core wants them", not found, found)
            check_pictures(b, name)
            check_keyboard(b, name)
            check_keys(b, name)
            errors = b.errors()
            check(name + ": no word on the console", errors == [], errors)


if __name__ == "__main__":
    main()
    sys.exit(failures > 0)
