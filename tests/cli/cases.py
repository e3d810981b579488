"""cases.py LONGHAUL TABLE...: files that iperf3 writes in the field, and what show and report must print for them.

TABLE is a JSON list of cases: {"name", "file", "set", "as", "show", "report"}. "file" is a document next to the table;
"set" changes members of it ({"end.sum.jitter_ms": 0.01}; "intervals.*.sum.packets" is each interval's; null takes the
member away, "MOVE" moves the document's member of that name there, "CUT" ends a list there). "as": "stream" makes it
the lines of --json-stream. "show" lists [path, op, value] of the lines that `show --json` prints ("0.loss_percent":
of the first test); "report" lists [op, pattern] of what report prints and of summary_report.md. Ops: = != < > ~
(within 1e-6), has and lacks (a pattern in the value). One result line for each case."""
import copy, json, os, re, subprocess, sys, tempfile


def edit(node, parts, value, document):
    head, rest = parts[0], parts[1:]
    keys = range(len(node)) if head == "*" else [int(head)] if isinstance(node, list) else [head]
    for key in keys:
        if rest:
            edit(node[key] if isinstance(node, list) else node.setdefault(key, {}), rest, value, document)
        elif value is None:
            node.pop(key, None)
        elif value == "CUT":
            del node[key:]
        elif value == "MOVE":
            node[key] = document.pop(key)
        else:
            node[key] = copy.deepcopy(value)


def write(document, form, f):
    """As a document, or as the lines of --json-stream."""
    if form != "stream":
        json.dump(document, f)
        return
    last = {key: document[key] for key in document if key not in ("start", "intervals", "end")}
    events = [("start", document["start"])] + [("interval", i) for i in document["intervals"]]
    events += list(last.items()) + [("end", document["end"])]
    f.writelines(json.dumps({"event": name, "data": data}) + "\n" for name, data in events)


def reach(node, path):
    for part in path.split("."):
        if part == "#":
            return len(node)
        node = node[int(part)] if isinstance(node, list) else node.get(part)
    return node


def holds(got, op, want):
    text = json.dumps(got)
    return {"=": lambda: got == want, "!=": lambda: got != want,
            "<": lambda: got is not None and got < want, ">": lambda: got is not None and got > want,
            "~": lambda: got is not None and abs(got - want) <= 1e-6 * max(abs(want), 1e-3),
            "has": lambda: re.search(want, text, re.I) is not None,
            "lacks": lambda: re.search(want, text, re.I) is None}[op]()


def run(tool, *args):
    done = subprocess.run([tool, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
                          timeout=60)
    if done.returncode not in (0, 4):
        raise ValueError("exit status %d: %s" % (done.returncode, done.stderr.strip()))
    return done.stdout


def wrong_of(tool, case, folder):
    path, out, wrong = os.path.join(folder, case["file"]), os.path.join(folder, "out"), []
    lines = [json.loads(line) for line in run(tool, "show", "--json", path).splitlines()]
    for where, op, want in case.get("show", []):
        try:
            got = reach(lines, where)
        except (IndexError, KeyError, TypeError, AttributeError):
            got = None
        if not holds(got, op, want):
            wrong.append("%s is %s, wanted %s %s" % (where, json.dumps(got)[:300], op, json.dumps(want)))
    if case.get("report"):
        text = run(tool, "report", "--no-render", "--no-html", "--out", out, path)
        with open(os.path.join(out, "summary_report.md"), encoding="utf-8") as f:
            text += f.read()
        wrong += ["the report %s /%s/" % (op, pattern) for op, pattern in case["report"]
                  if (re.search(pattern, text) is not None) != (op == "has")]
    return wrong


def main():
    tool, failed = sys.argv[1], False
    for table in sys.argv[2:]:
        with open(table, encoding="utf-8") as f:
            cases = json.load(f)
        for case in cases:
            with open(os.path.join(os.path.dirname(table), case["file"]), encoding="utf-8") as f:
                document = json.load(f)
            for path, value in case.get("set", {}).items():
                edit(document, path.split("."), value, document)
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, case["file"]), "w", encoding="utf-8") as f:
                    write(document, case.get("as"), f)
                try:
                    wrong = wrong_of(tool, case, folder)
                except (ValueError, OSError, subprocess.TimeoutExpired) as e:
                    wrong = [str(e)]
            told = "%s (%s)%s" % (case["name"], case["file"], "".join("\n    " + w for w in wrong))
            print(("not ok - " if wrong else "ok - ") + told)
            failed = failed or bool(wrong)
    return failed


sys.exit(main())
