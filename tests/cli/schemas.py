"""schemas.py LONGHAUL FOLDER TOLD: every JSON that longhaul prints or writes is as its schema in doc/ says: show, report, compare, plan,
and the member "longhaul" of results. Inputs: the files of tests/data, sets of known incidents, what FOLDER has, and each .json in $CORPUS.
So is what path, path calc and preflight have said, in the files TOLD/SCHEMA.*, of which a build without libiperf has few.
Also: a member that no schema has is refused, and each schema refuses what lacks a member."""
import copy
import glob
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

import made
import sentence_data

longhaul, given, told = sys.argv[1:]
schemas = {}
for path in glob.glob("doc/*.schema.json"):
    schemas[os.path.basename(path).split(".")[0]] = json.load(open(path))
ids = {schema["$id"] for schema in schemas.values()}
n_bad = 0


def check(what, good, got=""):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what + (f" {got}" if not good else ""), flush=True)


def validator(name):
    """The leg of a report is a test as in show.schema.json: it is put in, since the versions of jsonschema differ in how they look for it."""
    jsonschema.Draft7Validator.check_schema(schemas[name])
    text = json.dumps(schemas[name])
    if '"show.schema.json"' in text:
        whole = json.loads(text.replace('"show.schema.json"', '"#/definitions/test"'))
        whole["definitions"] = {**schemas["show"]["definitions"], **whole["definitions"]}
        return jsonschema.Draft7Validator(whole)
    return jsonschema.Draft7Validator(schemas[name])


validators = {name: validator(name) for name in schemas}
counts, wrong, seen = {}, {}, {}


def is_as(name, document, where):
    counts[name] = counts.get(name, 0) + 1
    for error in list(validators[name].iter_errors(document))[:3]:
        place = "/".join(str(part) for part in error.absolute_path)
        wrong.setdefault(name, []).append(f"{where}: {place}: {error.message[:300]}")
    seen.setdefault(name, document)


def lines_of(*command):
    run = subprocess.run([longhaul, *command], capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines() if line.strip()]


def documents(folder):
    """The results in a folder: their member longhaul."""
    for path in glob.glob(glob.escape(folder) + "/**/*.json", recursive=True):
        try:
            own = json.load(open(path, encoding="utf-8", errors="replace")).get("longhaul")
        except (ValueError, AttributeError, RecursionError):
            continue
        if isinstance(own, dict) and "segments" in own and own.get("format") == 1:
            yield path, own


def look(folder, out, is_own=False):
    """All that can be said about a folder."""
    for line in lines_of("show", "--json", folder):
        is_as("show", line, folder)
    for line in lines_of("report", "--json", "--no-render", "--no-html", "--out", out, "--objective", "loss <= 1% in 99% of minutes",
                         "--objective", "outage <= 10s", folder):
        is_as("report", line, folder)
    for line in lines_of("compare", "--json", folder, folder):
        is_as("compare", line, folder)
    for path, own in documents(folder) if is_own else ():
        is_as("result", own, path)


def look_at_days(folder, out):
    """Many days, from the index; nothing in a build without it."""
    run = subprocess.run([longhaul, "report", "--json", "--no-render", "--no-html", "--out", out, "--since", "2025-01-01", "--objective",
                          "loss <= 1% in 99% of minutes", folder], capture_output=True, text=True)
    for line in run.stdout.splitlines():
        is_as("trend", json.loads(line), folder)
    return "SQLite" in run.stderr or "sqlite" in run.stderr


with tempfile.TemporaryDirectory() as work:
    days = os.path.join(work, "days")
    for day in range(3):
        made.write(days, [made.leg(name, seconds=1200, lost={100 + day: 40}, dead=range(300, 300 + 9 * day), start=made.START + 86400 * day)
                          for name in ("HK-WUS", "WUS-HK")])
    is_without_index = look_at_days(days, os.path.join(work, "out"))
    for name in sorted(sentence_data.SETS)[:: 1 if os.environ.get("SCHEMAS") == "all" else 9]:
        folder = os.path.join(work, name)
        sentence_data.make(folder, name)
        look(folder, os.path.join(work, "out"))
        subprocess.run(["rm", "-rf", folder])
    folders = sorted({os.path.dirname(path) for path in glob.glob("tests/data/**/*.json*", recursive=True)})
    for folder in folders:
        look(folder, os.path.join(work, "out"))
    look(given, os.path.join(work, "out"), True)
    if os.environ.get("CORPUS"):
        files = glob.glob(os.environ["CORPUS"] + "/**/*.json", recursive=True)
        for path in files:
            for line in lines_of("show", "--json", path):
                is_as("show", line, path)
        check(f"the corpus: {len(files)} files", len(files) > 0)
    for path in glob.glob("configs/*.json") + glob.glob("tests/data/**/topology*.json", recursive=True):
        if not path.endswith(".schema.json"):
            run = subprocess.run([longhaul, "plan", "--json", "--price-per-gb", "0.08", path], capture_output=True, text=True)
            if run.returncode == 0:
                is_as("plan", json.loads(run.stdout), path)

for path in sorted(glob.glob(glob.escape(told) + "/*")):
    is_as(os.path.basename(path).split(".")[0], json.load(open(path)), os.path.basename(path))
calculated = {key for path in glob.glob(glob.escape(told) + "/path-calc.*") for key in json.load(open(path))}
check("path calc: each key of its schema is printed", calculated == set(schemas["path-calc"]["properties"]), set(schemas["path-calc"]["properties"]) - calculated)

for name in ("show", "report", "compare", "plan", "result") + (() if is_without_index else ("trend",)) + tuple(
        sorted({path.split(".")[0] for path in os.listdir(told)})):
    check(f"{name}: {counts.get(name, 0)} documents are as doc/{name}.schema.json says", counts.get(name, 0) > (name != "trend") and name not in wrong,
          "; ".join(wrong.get(name, ["none"])[:6]))
    document = seen.get(name, {})
    more = {**document, "new_member": 1}
    check(f"{name}: a member that the schema does not have is refused", not validators[name].is_valid(more))
    less = copy.deepcopy(document)
    less.pop("format", None)
    check(f"{name}: one without the number of its format is refused", document.get("format") == 1 and not validators[name].is_valid(less))


def objects(schema, path=()):
    """Each object of a schema whose members are listed."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, path + (key,))
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            yield from objects(value, path + (i,))


loose = [f"{name}: {'/'.join(map(str, path))}" for name in schemas for path, one in objects(schemas[name]) if "additionalProperties" not in one]
check("no object of a schema is open to members that it does not name", loose == [], loose)
check("each schema has its own $id", len(ids) == len(schemas), sorted(ids))
check("... and says that no host answers there", all("no host answers there" in schema["$comment"] for schema in schemas.values()))
sys.exit(n_bad > 0)
