"""action.py commands FILE: the commands that a runner would obey in what a step printed, one a line: a line that begins with "::", and not
between ::stop-commands::TOKEN and ::TOKEN::. action.py outputs FILE: the outputs in a GITHUB_OUTPUT, as NAME=VALUE, a line feed as \\n.
action.py check: action.yml, the examples and the project's own workflow, if PyYAML is there."""
import glob
import json
import re
import sys


def commands(lines):
    stopped = None
    for line in lines:
        text = line.strip()
        if stopped:
            if text == f"::{stopped}::":
                stopped = None
        elif text.startswith("::stop-commands::"):
            stopped = text[len("::stop-commands::"):]
        elif text.startswith("::") or "##[" in text:
            yield text


def outputs(text):
    lines = iter(text.split("\n"))
    for line in lines:
        if "<<" in line:
            name, end = line.split("<<", 1)
            value = []
            for inner in lines:
                if inner == end:
                    break
                value.append(inner)
            yield name, "\n".join(value)
        elif line:
            yield line.split("=", 1)


def check():
    import yaml
    action = yaml.safe_load(open("action.yml"))
    script = open("configs/action/run").read() + open("configs/action/install").read()
    steps = action["runs"]["steps"]
    given = {key for step in steps for key in step.get("env", {})}
    used = set(re.findall(r"INPUT_[A-Z_]+", script))
    named = {"INPUT_" + name.upper().replace("-", "_") for name in action["inputs"]}
    yield "the script's inputs are given to it", used == given, (used, given)
    yield "each is an input of the action; the artifact's name is for another step", given | {"INPUT_ARTIFACT"} == named, (given, named)
    yield "no input stands in a command, where it could be one", not [s for s in steps if "${{" in s.get("run", "")], ""
    said = set(re.findall(r"set_output ([a-z]+)", script))
    yield "the outputs are those that the script sets", said == set(action["outputs"]), (said, set(action["outputs"]))
    yield "each input is explained", all(one.get("description") for one in action["inputs"].values()), ""
    for path in glob.glob("configs/action/*.yml") + glob.glob(".github/workflows/*.yml"):
        flow = yaml.safe_load(open(path))
        own = [s for job in flow["jobs"].values() for s in job["steps"] if s.get("uses", "").startswith(("OWNER/longhaul", "./"))]
        wrong = [key for s in own for key in s.get("with", {}) if key not in action["inputs"]]
        yield f"{path}: it uses inputs that there are", wrong == [] and flow["permissions"] == {"contents": "read"}, wrong
        loose = [s["run"] for job in flow["jobs"].values() for s in job["steps"] if "${{" in s.get("run", "")]
        yield f"{path}: nothing from outside stands in a command", loose == [], loose


if sys.argv[1] == "commands":
    print("\n".join(commands(open(sys.argv[2], encoding="utf-8", errors="replace"))))
elif sys.argv[1] == "outputs":
    for name, value in outputs(open(sys.argv[2]).read()):
        print(name + "=" + value.replace("\n", "\\n"))
elif sys.argv[1] == "hundred":
    sys.path.insert(0, "tests/cli")
    import made
    sites = [f"S{i:02}" for i in range(11)]
    names = [f"{a}-{b}" for a in sites for b in sites if a != b][:100]
    made.write(sys.argv[2], [made.leg(name, seconds=600, lost={60 + 5 * k: 40 for k in range(20)}) for name in names])
elif sys.argv[1] == "hostile":
    sys.path.insert(0, "tests/cli")
    import made
    legs = [made.leg("A-B", seconds=60), made.leg("C-D", seconds=60)]
    bad = "<img src=x onerror=alert(1)>\n::set-output name=verdict::owned\n::error::boo `x` [a](javascript:alert(1)) | </td>"
    legs[0][4]["start"]["connecting_to"]["host"] = bad
    legs[0][4]["start"]["connected"][0].update(local_host=bad, remote_host=bad)
    legs[0][4]["title"] = bad
    legs[0][4]["start"]["version"] = bad
    legs[1][4]["error"] = bad
    made.write(sys.argv[2], legs)
    # A name that says nothing: the leg is called by its hosts.
    with open(sys.argv[2] + "/::error::x\n::set-output name=status::0 <b>.json", "w") as out:
        json.dump(legs[0][4], out)
else:
    bad = 0
    for what, good, got in check():
        bad += not good
        print(("ok - " if good else "not ok - ") + what + ("" if good else f" {got}"))
    sys.exit(bad > 0)
