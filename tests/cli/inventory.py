# inventory.py PROGRAM FOLDER: what longhaul plan writes for Ansible and Prometheus, compared with the plan's JSON and the topology.
import copy, json, os, shutil, subprocess, sys

program, work = sys.argv[1:3]
n_bad = 0

def check(good, what, seen=""):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what + ("" if good or seen == "" else f": {seen}"))

def run(*args):
    return subprocess.run([program, "plan", *args], capture_output=True, text=True)

def write(topology, name="t.json"):
    path = os.path.join(work, name)
    json.dump(topology, open(path, "w"))
    return path

def group(inventory, name):
    return inventory["all"]["children"][name]["hosts"]

def inventory_of(path):
    return json.loads(run("--ansible", "-", path).stdout)

# ---- shapes: the variables agree with the plan
def agrees(path, name):
    plan, inventory = json.loads(run("--json", path).stdout), inventory_of(path)
    hosts = group(inventory, "longhaul")
    by_site = {site["site"]: site for site in plan["sites"]}
    started, served = {}, {}
    for leg in plan["legs"]:
        started[leg["starter"]] = started.get(leg["starter"], 0) + 1
        served[leg["server"]] = served.get(leg["server"], 0) + 1
    check({h["longhaul_site"] for h in hosts.values()} == set(by_site), f"{name}: each site is a host")
    check(all((h["longhaul_legs_started"], h["longhaul_legs_served"], h["longhaul_runs"], h["longhaul_serves"]) ==
              (started.get(s, 0), served.get(s, 0), s in started, s in served) and h["longhaul_ports"] == by_site[s]["ports"]
              for h in hosts.values() for s in [h["longhaul_site"]]), f"{name}: what it starts and serves")
    check({hosts[h]["longhaul_site"] for h in group(inventory, "longhaul_run")} == set(started) and
          {hosts[h]["longhaul_site"] for h in group(inventory, "longhaul_serve")} == set(served), f"{name}: groups")
    check(group(inventory, "longhaul_left") == {}, f"{name}: nobody left")

for shipped in ("azure-wus", "loopback", "mesh-12"):
    agrees(f"configs/{shipped}.json", shipped)
two_hubs = {"format": 1, "legs": "hub-and-spoke", "sites": {
    "A": {"address": "10.0.0.1", "ports": "5201-5210", "hub": True}, "B": {"address": "10.0.0.2", "ports": "5201-5210", "hub": True},
    "C": {}, "D": {"hubs": ["B"]}}}
agrees(write(two_hubs), "two hubs")
agrees(write(dict(two_hubs, legs=["C-A", {"leg": "B-C", "rate": "1M"}])), "a list of legs")
many = {"format": 1, "legs": "full-mesh", "defaults": {"rate": "1M"},
        "sites": {f"S{i}": {"address": f"10.0.{i}.1", "ports": "5201-5298"} for i in range(50)}}
agrees(write(many), "2,450 legs")
hub = group(inventory_of(write(dict(many, legs="hub-and-spoke", sites={
    f"S{i}": dict(s, hub=i == 0) for i, s in enumerate(many["sites"].values())}))), "longhaul")["S0"]
check(hub["longhaul_memory_mb"] > 98 * 50 and hub["longhaul_tasks"] > 98 * 3, "98 legs on a host: its units may need that much", hub)

# ---- how a host is reached
reached = {"plain.example": ("plain.example", None, None), "azureuser@20.1.2.3": ("20.1.2.3", "azureuser", None),
           "root@h:2222": ("h", "root", 2222), "[fd00::1]:22": ("fd00::1", None, 22), "me@[fd00::1]": ("fd00::1", "me", None),
           "fd00::2": ("fd00::2", None, None), "a.b-c_d@1.2.3.4:65535": ("1.2.3.4", "a.b-c_d", 65535)}
for text, wanted in reached.items():
    t = copy.deepcopy(two_hubs)
    t["sites"]["C"]["ssh"] = text
    h = group(inventory_of(write(t)), "longhaul")["C"]
    got = (h.get("ansible_host"), h.get("ansible_user"), h.get("ansible_port"))
    check(got == wanted, f"ssh: {text}", got)
for text in ("", "@h", "u@", "-o@h", "h:0", "h:65536", "h:x", "a b@h", "u@h h", "[1.2.3.4]:22", "[fd00::1", "[fd00::1]x", "-h", "h:",
             "[fe80::1%{{x}}]", "u@[fe80::1%e'f]", "[fe80::1%e\nf]", "fe80::1%e;f", "u@h\n", "a\n@h", "u'@h", '"u@h', "u@..", "u@h%x", "u@../h", "!all", "u@*", "u@h,i",
             "0.0.0.0", "{{x}}@h", "u@{{x}}", "u;x@h", "x" * 300, "h:22:33", "$(x)@h", "u@h/x"):
    t = copy.deepcopy(two_hubs)
    t["sites"]["C"]["ssh"] = text
    r = run("--ansible", "-", write(t))
    check(r.returncode == 2 and "sites.C.ssh: " in r.stderr and r.stderr.count("\n") == 1, f"ssh: {text[:20]!r} is refused", r.stderr)
for text in ("-oProxyCommand=x", "{{x}}", "{%x%}", "a b", "a;rm", "$(id)", "`id`", "a'b", 'a"b', "a\nb", "../x", "a/b", "a,b", "u@h", "h:22", "h\x1b[0m", "fe80::1%{{x}}",
             "fe80::1%$(id)", "fe80::1%a'b", "fe80::1%a b", "fe80::1%../x"):
    t = copy.deepcopy(two_hubs)
    t["sites"]["A"]["address"] = text
    r = run("--ansible", "-", write(t))
    check(r.returncode == 2 and "sites.A.address: " in r.stderr and r.stderr.count("\n") == 1, f"address: {text!r} is refused", r.stderr)
for text in ("-o", "{{x}}", "a b", "a;rm", "..", "a/b", "h\n", "a'b", 'a"b', "a-b", ".x"):
    t = copy.deepcopy(two_hubs)
    t["sites"][text] = t["sites"].pop("C")
    r = run("--ansible", "-", write(t))
    check(r.returncode == 2 and "a site's name is " in r.stderr and r.stderr.count("\n") == 1, f"the name of a site: {text!r} is refused", r.stderr)
t = copy.deepcopy(two_hubs)
t["sites"]["A"]["address"], t["sites"]["C"]["ssh"] = "fe80::1%eth0.100", "[fe80::2%br-x_1]:22"
hosts = group(inventory_of(write(t)), "longhaul")
check((hosts["A"]["ansible_host"], hosts["C"]["ansible_host"]) == ("fe80::1%eth0.100", "fe80::2%br-x_1"), "an address can have a zone")
hosts = group(inventory_of(write(two_hubs)), "longhaul")
check((hosts["A"]["ansible_host"], hosts["C"]["ansible_host"]) == ("10.0.0.1", "C"), "without ssh: the address, or the code")
t = copy.deepcopy(two_hubs)
t["sites"]["C"]["ssh"] = t["sites"]["D"]["ssh"] = "one.example"
hosts = group(inventory_of(write(t)), "longhaul")
check([hosts[s]["longhaul_here"] for s in "ACD"] == [["A"], ["C", "D"], ["C", "D"]], "two sites on one host know of each other")
check(sorted(hosts["C"]["longhaul_units"]) == sorted(f"longhaul-{u}@{s}.{k}" for s in "CD" for u, k in
      (("run", "service"), ("run", "timer"), ("resume", "service"))), "and which units there may be", hosts["C"]["longhaul_units"])
check(hosts["B"]["longhaul_units"][0] == "longhaul-serve@B.service", "a hub serves")
for text in ("{{ lookup('pipe', 'id') }}", "{% x %}", "{# x"):
    t["sites"]["C"]["region"] = text
    check(group(inventory_of(write(t)), "longhaul")["C"]["longhaul_region"] is None, f"an expression of Ansible's is not a region: {text}")

# ---- odd names
odd = ["all", "ALL", "localhost", "ungrouped", "longhaul", "longhaul_left", "longhaul_run", "1", "007", "1e5", "true", "null", "NaN", "_",
       "__", "x" * 32, "hk", "HK", "host_vars", "all_site"]
t = {"format": 1, "legs": "hub-and-spoke", "sites": {"W": {"address": "10.0.0.1", "ports": "5201-5300", "hub": True}}}
t["sites"].update({name: {} for name in odd})
path = write(t, "odd.json")
inventory = inventory_of(path)
hosts = group(inventory, "longhaul")
check(sorted(h["longhaul_site"] for h in hosts.values()) == sorted(odd + ["W"]), "odd names: each site is there")
check(not set(hosts) & (set(inventory["all"]["children"]) | {"all", "localhost", "ungrouped"}), "odd names: no host has a group's name")
if shutil.which("ansible-inventory"):
    for name, file in (("odd names", path), ("azure-wus", "configs/azure-wus.json"), ("2,450 legs", write(many))):
        folder = os.path.join(work, "read")
        shutil.rmtree(folder, ignore_errors=True)
        run("--ansible", folder, file)
        r = subprocess.run(["ansible-inventory", "-i", f"{folder}/inventory.json", "--list"], capture_output=True, text=True,
                           env=dict(os.environ, HOME=work, ANSIBLE_LOCALHOST_WARNING="false", LC_ALL="C.UTF-8"))
        listed = json.loads(r.stdout) if r.returncode == 0 else {}
        wanted = group(inventory_of(file), "longhaul")
        seen = listed.get("_meta", {}).get("hostvars", {})
        check(all(seen.get(h, {}).get(k) == v for h in wanted for k, v in wanted[h].items() if v is not None) and len(seen) == len(wanted),
              f"ansible-inventory reads it: {name}", r.stderr[:300])
        check("WARNING" not in r.stderr, f"ansible-inventory warns of nothing: {name}", r.stderr[:300])
else:
    print("skip - ansible-inventory reads it: ansible-core is not installed")

# ---- a topology that changes
folder = os.path.join(work, "kept")
def into_folder(topology):
    r = run("--ansible", folder, write(topology, "changing.json"))
    check(r.returncode == 0 and r.stdout == r.stderr == "", "into a folder", r.stderr)
    file = f"{folder}/topology.json"
    plan = json.loads(run("--json", file).stdout)
    return {leg["leg"]: leg["port"] for leg in plan["legs"]}, json.load(open(f"{folder}/inventory.json"))

base = {"format": 1, "legs": "hub-and-spoke", "sites": {"W": {"address": "10.0.0.1", "ports": "5201-5206", "hub": True},
                                                        "H": {"ssh": "u@h.example"}, "K": {}, "U": {}}}
first, _ = into_folder(base)
written = open(f"{folder}/topology.json").read()
again, _ = into_folder(base)
check(first == again and open(f"{folder}/topology.json").read() == written, "the same topology: the same ports, the same file")
changed = {"format": 1, "legs": "hub-and-spoke",
           "sites": {"N": {}, "W": dict(base["sites"]["W"], ports="5201-5208"), "U": {}, "K": {}, "H": {"ssh": "u@h.example"}}}
second, inventory = into_folder(changed)
check(all(second[leg] == port for leg, port in first.items()), "a site more, and another order: legs that go on keep their ports", second)
check({second["N-W"], second["W-N"]} == {5207, 5208}, "and the new ones have the rest", second)
written = open(f"{folder}/topology.json").read()
into_folder(changed)
check(open(f"{folder}/topology.json").read() == written, "the changed topology once more: the same file, and no host has to read it")
listed = dict(changed, legs=[{"leg": "K-W", "port": 5208}, "W-K"])
r = run("--ansible", os.path.join(work, "listed"), write(listed))
check(r.returncode == 0 and list(json.load(open(os.path.join(work, "listed", "topology.json")))["overrides"]) == ["W-K"],
      "a port that the list of legs names needs no override", r.stderr)
del changed["sites"]["H"]
third, inventory = into_folder(changed)
check(all(third[leg] == port for leg, port in second.items() if "H" not in leg), "a site less: the others keep their ports", third)
left = group(inventory, "longhaul_left")
check(set(left) == {"H"} and left["H"]["ansible_host"] == "h.example" and left["H"]["ansible_user"] == "u", "who left is in a group of its own", left)
_, inventory = into_folder(changed)
check(set(group(inventory, "longhaul_left")) == {"H"}, "and stays there")
changed["sites"]["H"] = {"ssh": "u@h.example"}
_, inventory = into_folder(changed)
check(group(inventory, "longhaul_left") == {} and "H" in group(inventory, "longhaul"), "until it comes back")
fourth, _ = into_folder(dict(changed, overrides={"K-W": {"port": third["U-W"]}}))
check(fourth["K-W"] == third["U-W"] and fourth["U-W"] != third["U-W"], "a port that the file names comes before one that is kept", fourth)
moved = copy.deepcopy(changed)
moved["sites"]["W"]["ports"] = "6201-6208"
fifth, _ = into_folder(moved)
check(all(6201 <= port <= 6208 for port in fifth.values()), "ports that the server has no longer are not kept", fifth)
open(f"{folder}/inventory.json", "w").write("[]")
r = run("--ansible", folder, write(base))
check(r.returncode == 1 and r.stderr.count("\n") == 1 and open(f"{folder}/inventory.json").read() == "[]", "a strange inventory is not replaced", r.stderr)
open(os.path.join(work, "file"), "w").close()
r = run("--ansible", os.path.join(work, "file"), write(base))
check(r.returncode == 1 and r.stderr.count("\n") == 1, "a folder that cannot be made: one line", r.stderr)

# ---- Prometheus
t = copy.deepcopy(two_hubs)
t["sites"]["C"].update(ssh="one.example", region="eu")
t["sites"]["D"].update(ssh="one.example")
t["sites"]["A"]["ssh"] = "me@[fd00::1]:2222"
targets = json.loads(run("--prometheus-sd", write(t)).stdout)
check([(x["targets"], x["labels"]) for x in targets] ==
      [(["[fd00::1]:9100"], {"site": "A", "hub": "true"}), (["10.0.0.2:9100"], {"site": "B", "hub": "true"}),
       (["one.example:9100"], {"site": "C,D", "hub": "false", "region": "eu"})], "targets: one for each host", targets)
check(json.loads(run("--prometheus-sd=9200", write(t)).stdout)[1]["targets"] == ["10.0.0.2:9200"], "targets: another port")
for args in (["--prometheus-sd=0"], ["--prometheus-sd=x"], ["--prometheus-sd=65536"], ["--json", "--prometheus-sd"], ["--ansible", "-", "--rules"]):
    r = run(*args, write(t))
    check(r.returncode == 2 and r.stderr.count("\n") == 1 and r.stdout == "", f"{' '.join(args)}: refused in one line", r.stderr)
sys.exit(n_bad > 0)
