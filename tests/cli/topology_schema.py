# topology_schema.py LONGHAUL: the schema against the program: both take the shipped topologies; what the schema refuses, the program
# does too; and the schema has the program's keys. Needs jsonschema.
import copy, json, re, subprocess, sys, tempfile, glob
import jsonschema

longhaul = sys.argv[1]
schema = json.load(open("configs/topology.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
n_bad = 0

def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what)

def takes(document):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as out:
        json.dump(document, out)
        out.flush()
        return subprocess.run([longhaul, "plan", out.name], capture_output=True).returncode == 0

for path in sorted(glob.glob("configs/*.json")):
    if path.endswith(".schema.json"):
        continue
    errors = [error.message for error in validator.iter_errors(json.load(open(path)))]
    check(errors == [], f"{path} is as the schema says {errors or ''}")

def places(node, path=()):
    """Every member and item of a document."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield path + (key,)
        if isinstance(value, (dict, list)):
            yield from places(value, path + (key,))

# Each place of the documents with each of these values in it, and without it.
odd = [None, True, 0, -1, 1.5, 70000, 1e12, "", "x", "10M", "-", [], ["x"], {}, {"x": 1}]
n, apart = 0, []
for path in ["configs/azure-wus.json", "configs/mesh-12.json"]:
    whole = json.load(open(path))
    whole["sites"] = dict(list(whole["sites"].items())[:2])
    whole["overrides"] = {"HK" if "HK" in whole["sites"] else "EUS": {"tos": 8, "datagram": 500, "family": 4}}
    for place in places(whole):
        for value in odd + ["gone"]:
            document = copy.deepcopy(whole)
            at = document
            for key in place[:-1]:
                at = at[key]
            if value == "gone":
                del at[place[-1]]
            else:
                at[place[-1]] = value
            n += 1
            if not validator.is_valid(document) and takes(document):
                apart.append((place, value))
check(apart == [], f"what the schema refuses of {n} changed documents, the program refuses {apart[:5] or ''}")

# The limits of a leg: the schema's are the program's, and the command line refuses in the same words as the topology.
def said(*command):
    run = subprocess.run([longhaul, *command], capture_output=True, text=True)
    return run.returncode, run.stderr.strip()

def plan_of(key, value, **more):
    document = json.load(open("configs/azure-wus.json"))
    document["sites"] = {code: document["sites"][code] for code in ("HK", "WUS")}
    document["defaults"] = {**document.get("defaults", {}), **more, key: value}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as out:
        json.dump(document, out)
        out.flush()
        return said("plan", out.name)

flags = {"interval": "-i", "datagram": "-l", "streams": "-P", "window": "-w", "tos": "-S", "dscp": "--dscp", "mss": "-M"}
for key, flag in flags.items():
    limits = schema["definitions"][key]
    step = 0.001 if limits["type"] == "number" else 1
    more = {"protocol": "tcp"} if key in ("datagram", "mss") else {}
    for value in limits["minimum"], limits["maximum"]:
        status, text = plan_of(key, value, **more)
        check(status == 0, f"{key}: {value}, as the schema allows, is taken {text}")
    for value in round(limits["minimum"] - step, 3), round(limits["maximum"] + step, 3):
        status, text = plan_of(key, value, **more)
        words = text.split(f"defaults.{key}: ")[-1]
        check(status != 0 and words.startswith(f"{value} is not "), f"{key}: {value} is refused: {words}")
        for command in (["run", "HK", "WUS", "127.0.0.1"], ["path", "127.0.0.1"]):
            if value < 0 or (command[0] == "path" and flag in ("-i", "-S", "--dscp", "-M")):
                continue
            status, text = said(*command, flag, str(value))
            check(status == 2 and f": {flag}: {words}" in text, f"longhaul {command[0]} {flag} {value}: in the same words {text}")
for key, value, arguments in (("congestion", "B+R", ["-C", "B+R"]), ("congestion", "", ["-C", ""])):
    words = plan_of(key, value)[1].split(f"defaults.{key}: ")[-1]
    text = said("run", "HK", "WUS", "127.0.0.1", *arguments)[1]
    check("is not" in words and words in text, f"{key} {value!r}: run and plan refuse it in the same words: {words}, {text}")

sources = open("lib/model/topology.h").read() + open("lib/model/topology_sites.c").read() + open("lib/model/topology.c").read()
sources = re.sub(r"\s*\\\n\s*", " ", sources)  # a macro over several lines
def listed(pattern):
    return set(re.findall(r'"([$a-z_]+)"', re.search(pattern, sources, re.S)[1]))
settings = listed(r"#define SETTINGS_KEYS ((?:[^\n]*\\\n)*[^\n]*)\n")
check(set(schema["definitions"]["settings"]["properties"]) == settings, "its settings are the program's")
check(set(schema["definitions"]["override"]["properties"]) == settings | {"port"}, "those of a leg, too")
check(set(schema["definitions"]["listed"]["properties"]) == settings | {"port", "leg"}, "and of one in a list")
check(set(schema["definitions"]["site"]["properties"]) == listed(r'keys\[\] = (\{ "address".*?\})'), "a site's keys are the program's")
check(set(schema["properties"]) == listed(r'keys\[\] = (\{ "\$schema".*?\})'), "the document's keys are the program's")
sys.exit(n_bad > 0)
