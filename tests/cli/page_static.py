#!/usr/bin/env python3
"""page_static.py INDEX.html [hostile]: checks the page without a browser. Prints a test line for each."""
import re
import sys
from html.parser import HTMLParser

text = open(sys.argv[1], encoding="utf-8", errors="strict").read()
failures = 0


def check(what, good, got=""):
    global failures
    failures += not good
    print("ok - " + what if good else "not ok - %s: %s" % (what, got))


class Page(HTMLParser):
    VOID = {"meta", "link", "br", "wbr", "img", "input"}
    OPTIONAL = {"li", "td", "th", "tr", "p", "body", "html", "caption"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.ids, self.stack, self.unclosed, self.links, self.scripts, self.handlers, self.styles = [], [], [], [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self.handlers += [k for k in attributes if k.startswith("on")]
        self.styles += [v for k, v in attrs if k == "style"]
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.links += [attributes[k] for k in ("src", "href", "action", "data", "xlink:href") if k in attributes]
        if tag in ("script", "style"):
            self.scripts.append((tag, attributes))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        while self.stack and self.stack[-1] != tag and self.stack[-1] in self.OPTIONAL:
            self.stack.pop()
        if not self.stack or self.stack[-1] != tag:
            self.unclosed.append((tag, self.stack[-3:]))
        else:
            self.stack.pop()


page = Page()
page.feed(text)
page.close()
policy = re.search(r'Content-Security-Policy content="([^"]*)"', text).group(1)
nonce = re.search(r"nonce-([0-9a-f]{32})'", policy).group(1)
check("elements close as they opened", not page.unclosed and not set(page.stack) - page.OPTIONAL, (page.unclosed[:3], page.stack))
check("every id is there once", len(set(page.ids)) == len(page.ids), sorted(i for i in page.ids if page.ids.count(i) > 1)[:5])
check("the policy forbids everything but the page's own", policy == "default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; "
      "img-src data:; base-uri 'none'; form-action 'none'" % (nonce, nonce), policy)
check("what runs, and every style, has the nonce", all(a.get("nonce") == nonce or a.get("type") == "application/json" for _, a in page.scripts), page.scripts)
check("no handlers and no styles in attributes", not page.handlers and not page.styles, (page.handlers, page.styles[:3]))
outside = [l for l in page.links if not re.fullmatch(r"#[\w-]+|data:,|[\w.%-]+\.(png|svg)", l or "")]
check("no link leads out of the folder", not outside, outside[:5])
targets = {l[1:] for l in page.links if l.startswith("#")}
check("every link within the page has its target", targets <= set(page.ids), sorted(targets - set(page.ids))[:5])
check("nothing is fetched", not re.search(r"url\((?!#)|@import|sourceMappingURL|<(iframe|object|embed|base)\b", text.replace("url(\\", "")),
      re.findall(r".{20}(?:url\((?!#)|@import|sourceMappingURL).{20}", text)[:3])
check("a language, a title, a place to skip to", '<html lang=en>' in text and "<title>" in text and 'class=skip href="#main"' in text)
if len(sys.argv) > 2:
    check("names that mean something in HTML mean nothing", "img" not in page.tags and page.tags.count("script") in (1, 4)
          and "<script>alert" not in text and "<b onclick" not in text, page.tags.count("script"))
    check("they are there as text", "&lt;img src=x onerror=alert(1)&gt;" in text and "&lt;/script&gt;&lt;script&gt;alert(2)" in text)
sys.exit(failures > 0)
