#!/usr/bin/env python3
"""sentences.py LONGHAUL PATH_SAYS LIST WORK [--show] [--compare]: checks that each sentence of report, show, path and compare is printed for the data that support it, and for no others. LIST
(tests/data/sentences.tsv) has a line for each sentence in the C sources: kind, what it is said of, the sentence as it stands in the source, and a
regular expression where its words are also parts of others. Kinds: "data", said of exactly these sets of sentence_data.py; "path", of exactly these cases of
tests/test_path_verdict.c; "compare", of exactly these pairs of sentence_compare.py; "label", a heading or the name of a figure, which claims nothing; "test", held by the named test, which has the words; "guard", said only of what no file
of today makes. --compare checks the pairs alone. A sentence
that is in the sources and not in the list fails, and the other way round. --show prints the list as it would be: a new sentence is checked against what
it should be said of, and not taken over unread."""
import concurrent.futures
import html
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sentence_compare  # noqa: E402
import sentence_data  # noqa: E402
import sentence_source  # noqa: E402

longhaul, path_says, list_path, work = sys.argv[1:5]
failures = 0


def check(what, good, got=""):
    global failures
    failures += not good
    print("%s - %s%s" % ("ok" if good else "not ok", what, "" if good else ": %s" % (got,)))


def unescaped(literal):
    return literal.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")


DIRECTIVE = re.compile(r"(%%|%[-+ #0]*[\d.*]*(?:l|ll|z|h)?[a-zA-Z]|\\[xX][0-9a-fA-F]{2})")


def pattern_of(literal):
    """The literal as a regular expression: what is printed into it may be anything. And its longest piece, without which it need not be tried."""
    parts = [unescaped(p) for p in DIRECTIVE.split(literal)]
    parts = ["%" if p == "%%" else None if DIRECTIVE.fullmatch(p) else p for p in parts]
    while parts and (parts[0] is None or not parts[0].strip()):
        parts.pop(0)
    while parts and (parts[-1] is None or not parts[-1].strip()):
        parts.pop()
    parts[0], parts[-1] = parts[0].lstrip(), parts[-1].rstrip()
    longest = max((p for p in parts if p), key=len)
    return Pattern("".join(r"[^\n]{0,200}?" if p is None else re.escape(p) for p in parts), longest)


class Pattern:
    def __init__(self, pattern, piece=""):
        self.pattern, self.piece = re.compile(pattern), piece

    def search(self, text):
        return self.piece in text and self.pattern.search(text)


def plain_markdown(text):
    return re.sub(r"&#(\d+);", lambda m: chr(int(m.group(1))), re.sub(r"\\(.)", r"\1", text))


def unmarked(file, text):
    """A text of a file as it is, and without markup."""
    if file.endswith(".html"):
        text = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.S)
        return [html.unescape(re.sub(r"<[^>]*>", "", text)), html.unescape(text), text]
    return [text] + ([plain_markdown(text)] if file.endswith(".md") else [])


def said_of(name):
    """Everything that report and show say of a set of data."""
    folder, out = "%s/%s" % (work, name), "%s/%s.out" % (work, name)
    sentence_data.make(folder, name)
    files = sorted(os.path.join(folder, f) for f in os.listdir(folder) if "." in f)
    texts = []
    judged = [word for text in sentence_data.OBJECTIVES.get(name, []) for word in ("--objective", text)]
    commands = [["report", "--no-render", "--out", out, folder] + judged] + [["show"] + mode + files for mode in
                                                                                  ([], ["--events"], ["--hours"], ["--json"])]
    for command in commands:
        done = subprocess.run([longhaul] + command, capture_output=True, text=True, timeout=120)
        texts += [done.stdout, done.stderr]
    for file in sorted(os.listdir(out)) if os.path.isdir(out) else ():
        if file.endswith((".md", ".html", ".gp")):
            text = open(os.path.join(out, file), encoding="utf-8").read()
            if file.endswith(".gp"):
                text = text.partition("\n# theme.gp")[0].replace("\u2019", "'")
            texts += unmarked(file, text)
    return "\n".join(texts)


def path_cases():
    out = subprocess.run([path_says, "--say"], capture_output=True, text=True, check=True, timeout=60).stdout
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in ("\n" + out).split("\n== ")[1:]}


def read_list():
    rows = {}
    for line in open(list_path, encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        kind, where, literal, *more = line.rstrip("\n").split("\t")
        check("%s is in the list once" % literal[:60], literal not in rows) if literal in rows else None
        rows[literal] = (kind, [w for w in where.split(";") if w], Pattern(more[0]) if more and more[0] else pattern_of(literal), more[0] if more else "")
    return rows


def show(sentences, rows, texts):
    for literal, file in sentences.items():
        new = "path" if file.startswith("path_") else "compare" if file[:-2] in sentence_source.COMPARE else "data"
        kind, where, pattern, own = rows.get(literal, (new, [], pattern_of(literal), ""))
        if kind in texts:
            where = [name for name, text in texts[kind].items() if pattern.search(text)]
        print("\t".join([kind, ";".join(where), literal] + ([own] if own else [])))


def check_rows(rows, texts):
    n = 0
    for literal, (kind, where, pattern, _) in rows.items():
        if kind in texts:
            said = [name for name, text in texts[kind].items() if pattern.search(text)]
            more, less = sorted(set(said) - set(where)), sorted(set(where) - set(said))
            n += len(texts[kind])
            check('"%s" is said of %d sets, and of no other of %d' % (literal[:70].strip(), len(where), len(texts[kind])), where and not more and not less,
                  "also of %s; not of %s" % (more, less))
        elif kind == "test":
            for file in where:
                text = open(file, encoding="utf-8").read() if os.path.exists(file) else ""
                check('"%s" is held by %s' % (literal[:70].strip(), file), pattern.search(text), "not there: %s" % pattern.pattern.pattern)
                n += 1
        else:
            check('"%s" is of a known kind' % literal[:70].strip(), False, kind) if kind not in ("label", "guard") else None
    return n


NOT_A_NUMBER = re.compile(r"\b(?:-?nan|-?inf)\b(?! *\()[^\n]{0,20}")


def not_numbers(text):
    """Each nan or inf with up to 60 characters of its line before it, 20 after it."""
    end, found = 0, []
    for m in NOT_A_NUMBER.finditer(text):
        around = text[max(m.start() - 60, text.rfind("\n", 0, m.start()) + 1, end):m.end()]
        end = m.end()
        if not re.search(r"NaN|isnan|Infinity", around):
            found.append(around)
    return found


def compare_pairs(pool):
    """What compare says of each pair."""
    names = list(sentence_compare.PAIRS)
    said = pool.map(lambda name: sentence_compare.said_of(longhaul, work, name, unmarked), names)
    texts, wrong = zip(*said)
    wrong = sum(wrong, [])
    if "--show" not in sys.argv:
        check("the heads, lengths and pieces that compare says are those of %d pairs" % len(names), not wrong, "\n".join(wrong))
    return dict(zip(names, texts))


def main():
    sentences, rows = sentence_source.all_sentences(), read_list()
    names = list(sentence_data.SETS) + list(sentence_data.FOLDERS)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        texts = {"compare": compare_pairs(pool)}
        if "--compare" not in sys.argv:
            texts["data"] = dict(zip(names, pool.map(said_of, names)))
            texts["path"] = path_cases()
    if "--show" in sys.argv:
        show(sentences, rows, texts)
        return
    missing, stale = [s for s in sentences if s not in rows], [r for r in rows if r not in sentences]
    check("each sentence of the sources is in the list", not missing, "\n".join(missing))
    check("and the list has no other", not stale, "\n".join(stale))
    if "--compare" in sys.argv:
        rows = {literal: row for literal, row in rows.items() if row[0] == "compare"}
    n = check_rows(rows, texts)
    unprinted = [(name, around) for its in texts.values() for name, text in its.items() for around in not_numbers(text)]
    check("no text has a nan or an inf in it", not unprinted, unprinted[:5])
    kinds = [row[0] for row in rows.values()]
    print("ok - %d sentences, and %d labels; %d checks of a sentence against a set of data, a pair, a case or a test" % (
        len(kinds) - kinds.count("label") - kinds.count("guard"), kinds.count("label") + kinds.count("guard"), n))


main()
sys.exit(failures > 0)
