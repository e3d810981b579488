# topology.py LONGHAUL WORK: every refusal of a topology or of its plan, with its exact message; and that none in the sources is without
# a case here. A case: what differs from BASE (JSON path: value; None takes the key away), the message after "t.json: ".
import glob, json, os, re, subprocess, sys

longhaul, work = sys.argv[1:]
os.chdir(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sources = "".join(open(path).read() for path in sorted(glob.glob("lib/model/topology*.c")) + ["lib/plan/plan.c"])
BASE = {
    "format": 1,
    "sites": {
        "WUS": {"address": "172.16.0.4", "ports": "5201-5206", "hub": True, "place": {"latitude": 37.783, "longitude": -122.417}},
        "HK": {"address": "hk.example.net", "region": "eastasia"},
        "KC": {},
    },
    "legs": "hub-and-spoke",
    "defaults": {"rate": "10M", "duration": "1h"},
}
MESH = {"legs": "full-mesh", "sites.HK.ports": "5201-5209", "sites.KC.ports": "5201-5209", "sites.KC.address": "10.0.0.3"}
LIST = {"sites.HK.ports": 5201}
LONG = "x" * 70
FORMS = "it begins with loss, delay p50, delay p99, jitter, rate, outage, availability or coverage"
CASES = [
    # objectives
    ({"defaults": {"objectives": "loss <= 0.1%"}}, 'defaults.objectives: "loss <= 0.1%" is not an array of objectives'),
    ({"defaults": {"objectives": {}}}, 'defaults.objectives: {...} is not an array of objectives'),
    ({"defaults": {"objectives": ["loss <= 1%"] * 17}}, 'defaults.objectives: 17 objectives: at most 16'),
    ({"defaults": {"objectives": ["loss <= 1%", 5]}}, 'defaults.objectives[1]: 5 is not an objective: a text such as "outage <= 10s"'),
    ({"overrides": {"HK": {"objectives": [""]}}}, f"overrides.HK.objectives[0]: '' is not an objective: {FORMS}"),
    ({"overrides": {"HK-WUS": {"objectives": ["los <= 1%"]}}}, f"overrides.HK-WUS.objectives[0]: 'los <= 1%' is not an objective: {FORMS}"),
    ({"legs": [{"leg": "HK-WUS", "objectives": ["loss >= 1%"]}]}, "legs[0].objectives[0]: 'loss >= 1%' is not an objective: after 'loss' comes '<='"),
    ({"defaults": {"objectives": ["rate <= 1M"]}}, "defaults.objectives[0]: 'rate <= 1M' is not an objective: after 'rate' comes '>='"),
    ({"defaults": {"objectives": ["loss <= 101%"]}}, "defaults.objectives[0]: 'loss <= 101%' is not an objective: the limit of loss is a number with a unit, such as 0.1%"),
    ({"defaults": {"objectives": ["delay <= 20"]}}, "defaults.objectives[0]: 'delay <= 20' is not an objective: the limit of delay p99 is a number with a unit, such as 20ms"),
    ({"defaults": {"objectives": ["rate >= -1M"]}}, "defaults.objectives[0]: 'rate >= -1M' is not an objective: the limit of rate is a number with a unit, such as 9.9Mbps"),
    ({"defaults": {"objectives": ["outage <= nan s"]}}, "defaults.objectives[0]: 'outage <= nan s' is not an objective: the limit of outage is a number with a unit, such as 10s"),
    ({"defaults": {"objectives": ["outage <= 1s in 9% of hours"]}}, "defaults.objectives[0]: 'outage <= 1s in 9% of hours' is not an objective: outage, availability and coverage are of the whole test"),
    ({"defaults": {"objectives": ["loss <= 1% in 0% of hours"]}}, "defaults.objectives[0]: 'loss <= 1% in 0% of hours' is not an objective: after 'in' comes a share of windows, such as 99.9% of minutes (or seconds, hours)"),
    ({"defaults": {"objectives": ["loss <= 1% twice"]}}, "defaults.objectives[0]: 'loss <= 1% twice' is not an objective: something follows its end"),
    ({"defaults": {"objectives": ["\u001b[2Jloss\n"]}}, f"defaults.objectives[0]: ' [2Jloss ' is not an objective: {FORMS}"),
    # the document
    ({"format": None}, 'format: missing: the format number of the file, 1'),
    ({"format": 2}, 'format: 2 is newer than this longhaul knows (1)'),
    ({"format": 2, "orbit": 1}, 'format: 2 is newer than this longhaul knows (1)'),
    ({"format": "1"}, 'format: "1" is not a whole number from 1 to 2147483647'),
    ({"format": 0}, 'format: 0 is not a whole number from 1 to 2147483647'),
    ({"format": 1.0}, 'format: 1.0 is not a whole number from 1 to 2147483647'),
    ({"colour": "red"}, 'colour: "red" belongs to an unknown key'),
    ({"sites.HK.port": 5201}, 'sites.HK.port: 5201 belongs to an unknown key'),
    ({"sites.HK.": 1}, 'sites.HK[""]: 1 belongs to an unknown key'),
    ({"sites.HK.a b\n": [1]}, 'sites.HK["a b\\n"]: [...] belongs to an unknown key'),
    ({"sites.HK." + LONG: {}}, 'sites.HK["' + "x" * 60 + '..."]: {...} belongs to an unknown key'),
    ({"description": 3}, 'description: 3 is not a string'),
    ({"$schema": None, "description": [], }, 'description: [...] is not a string'),
    ({"stagger": -1}, 'stagger: -1 is not a number from 0 to 60'),
    ({"stagger": "1s"}, 'stagger: "1s" is not a number from 0 to 60'),
    ({"pause": 0}, 'pause: 0 is not a duration: 24h, 1h30m, 90 for seconds; 1 s to a year'),
    ({"pause": 1.5}, 'pause: 1.5 is not a duration: 24h, 1h30m, 90 for seconds; 1 s to a year'),
    # sites
    ({"sites": None}, 'sites: missing'),
    ({"sites": ["HK", "WUS"]}, 'sites: [...] is not an object {...}'),
    ({"sites": {"HK": {}}}, 'sites: 1 of them: from 2 to 1000'),
    ({"sites": {f"S{i}": {} for i in range(1001)}}, 'sites: 1001 of them: from 2 to 1000'),
    ({"sites.us-west": {}}, 'sites.us-west: a site\'s name is 1 to 32 of A-Z a-z 0-9 _'),
    ({"sites.Z\u00fcrich": {}}, 'sites["Z\\u00FCrich"]: a site\'s name is 1 to 32 of A-Z a-z 0-9 _'),
    ({"sites.": {}}, 'sites[""]: a site\'s name is 1 to 32 of A-Z a-z 0-9 _'),
    ({"sites." + "x" * 33: {}}, 'sites.' + "x" * 33 + ': a site\'s name is 1 to 32 of A-Z a-z 0-9 _'),
    ({"sites.HK": "10.0.0.1"}, 'sites.HK: "10.0.0.1" is not an object {...}'),
    ({"sites.WUS.address": None}, 'sites.WUS.address: missing, and the site has ports'),
    ({"sites.HK.address": 5}, 'sites.HK.address: 5 is not a string'),
    ({"sites.HK.address": ""}, 'sites.HK.address: "" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "172.16.0.400"}, 'sites.HK.address: "172.16.0.400" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "172.16.0"}, 'sites.HK.address: "172.16.0" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "[fd00::1]"}, 'sites.HK.address: "[fd00::1]" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "fd00::1::2"}, 'sites.HK.address: "fd00::1::2" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "-f"}, 'sites.HK.address: "-f" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "a..b"}, 'sites.HK.address: "a..b" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "a-.b"}, 'sites.HK.address: "a-.b" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "10.0.0.1:5201"}, 'sites.HK.address: "10.0.0.1:5201" is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": LONG}, 'sites.HK.address: "' + "x" * 60 + '..." is neither an IPv4 or IPv6 address nor a host name'),
    ({"sites.HK.address": "0.0.0.0"}, 'sites.HK.address: "0.0.0.0" is not the address of a single host'),
    ({"sites.HK.address": "239.1.2.3"}, 'sites.HK.address: "239.1.2.3" is not the address of a single host'),
    ({"sites.HK.address": "255.255.255.255"}, 'sites.HK.address: "255.255.255.255" is not the address of a single host'),
    ({"sites.HK.address": "::"}, 'sites.HK.address: "::" is not the address of a single host'),
    ({"sites.HK.address": "ff02::1"}, 'sites.HK.address: "ff02::1" is not the address of a single host'),
    ({"sites.HK.bind": "eth0"}, 'sites.HK.bind: "eth0" is not an IPv4 or IPv6 address of a single host'),
    ({"sites.HK.bind": "0.0.0.0"}, 'sites.HK.bind: "0.0.0.0" is not an IPv4 or IPv6 address of a single host'),
    ({"sites.HK.ports": "5201-5199"}, 'sites.HK.ports: "5201-5199" runs backwards'),
    ({"sites.HK.ports": "0"}, 'sites.HK.ports: "0" is not within 1 to 65535'),
    ({"sites.HK.ports": "5201-70000"}, 'sites.HK.ports: "5201-70000" is not within 1 to 65535'),
    ({"sites.HK.ports": 99999999999999}, 'sites.HK.ports: 99999999999999 is not within 1 to 65535'),
    ({"sites.HK.ports": "5201,5200-5202"}, 'sites.HK.ports: "5201,5200-5202" has 5201 twice'),
    ({"sites.HK.ports": "5201,"}, 'sites.HK.ports: "5201," is not a list of ports: 5201-5206,5300, or one number'),
    ({"sites.HK.ports": ""}, 'sites.HK.ports: "" is not a list of ports: 5201-5206,5300, or one number'),
    ({"sites.HK.ports": -1}, 'sites.HK.ports: -1 is not a list of ports: 5201-5206,5300, or one number'),
    ({"sites.HK.ports": [5201]}, 'sites.HK.ports: [...] is not a list of ports: 5201-5206,5300, or one number'),
    ({"sites.HK.ports": 5203, "sites.HK.address": "172.16.0.4"}, 'sites.HK.ports: 5203 has 5203, like sites.WUS.ports at the same address 172.16.0.4'),
    ({"sites.WUS.place": "here"}, 'sites.WUS.place: "here" is not an object {...}'),
    ({"sites.WUS.place": {"latitude": 1}}, 'sites.WUS.place.longitude: missing'),
    ({"sites.WUS.place": {"longitude": 1}}, 'sites.WUS.place.latitude: missing'),
    ({"sites.WUS.place.latitude": 91}, 'sites.WUS.place.latitude: 91 is not a number from -90 to 90'),
    ({"sites.WUS.place.longitude": "122W"}, 'sites.WUS.place.longitude: "122W" is not a number from -180 to 180'),
    ({"sites.WUS.place.height": 3}, 'sites.WUS.place.height: 3 belongs to an unknown key'),
    ({"sites.HK.region": False}, 'sites.HK.region: false is not a string'),
    ({"sites.WUS.hub": "yes"}, 'sites.WUS.hub: "yes" is neither true nor false'),
    ({"sites.WUS.hub": 1}, 'sites.WUS.hub: 1 is neither true nor false'),
    ({"sites.WUS.hubs": ["WUS"]}, 'sites.WUS.hubs: [...] is a spoke\'s key, and WUS is a hub'),
    ({"sites.HK.hubs": "WUS"}, 'sites.HK.hubs: "WUS" is not an array of hubs\' names'),
    ({"sites.HK.hubs": []}, 'sites.HK.hubs: [...] is not an array of hubs\' names'),
    ({"sites.HK.hubs": ["WUS"] * 4}, 'sites.HK.hubs: 4 of them: more than there are sites'),
    ({"sites.HK.hubs": ["FRA"]}, 'sites.HK.hubs[0]: "FRA" is not a site of this file'),
    ({"sites.HK.hubs": ["WUS", "KC"]}, 'sites.HK.hubs[1]: "KC" is not a hub'),
    ({"sites.HK.hubs": ["WUS", "WUS"]}, 'sites.HK.hubs[1]: "WUS" is there twice'),
    ({"sites.HK.hubs": [3]}, 'sites.HK.hubs[0]: 3 is not a string'),
    ({"sites.HK.egress_limit": "fast"}, 'sites.HK.egress_limit: "fast" is not a rate: 10M, 1.5G, a whole number of bit/s, 0 for unlimited; at most 1000T'),
    ({"sites.HK.egress_limit": 0}, 'sites.HK.egress_limit: 0 is not a limit: omit the key'),
    ({"sites.HK.max_tests": 0}, 'sites.HK.max_tests: 0 is not a whole number from 1 to 10000'),
    ({"sites.HK.max_tests": 2.5}, 'sites.HK.max_tests: 2.5 is not a whole number from 1 to 10000'),
    ({"sites.HK.ssh": "-o@x"}, 'sites.HK.ssh: "-o@x" is not [USER@]HOST[:PORT]'),
    ({"sites.HK.ssh": 1}, 'sites.HK.ssh: 1 is not a string'),
    ({"sites.HK.description": 1}, 'sites.HK.description: 1 is not a string'),
    # what tests are
    ({"defaults": []}, 'defaults: [...] is not an object {...}'),
    ({"defaults.port": 5201}, 'defaults.port: 5201 belongs to an unknown key'),
    ({"defaults.rate": True}, 'defaults.rate: true is not a rate: 10M, 1.5G, a whole number of bit/s, 0 for unlimited; at most 1000T'),
    ({"defaults.rate": "10X"}, 'defaults.rate: "10X" is not a rate: 10M, 1.5G, a whole number of bit/s, 0 for unlimited; at most 1000T'),
    ({"defaults.rate": -5}, 'defaults.rate: -5 is not a rate: 10M, 1.5G, a whole number of bit/s, 0 for unlimited; at most 1000T'),
    ({"defaults.duration": "2y"}, 'defaults.duration: "2y" is not a duration: 24h, 1h30m, 90 for seconds; 1 s to a year'),
    ({"defaults.interval": 0.01}, 'defaults.interval: 0.01 is not an interval: 0.1 to 60 seconds'),
    ({"defaults.datagram": 0}, 'defaults.datagram: 0 is not the length of a datagram or a write: 1 to 1048576 bytes'),
    ({"defaults.streams": 129}, 'defaults.streams: 129 is not a number of streams: 1 to 128'),
    ({"defaults.window": "4M"}, 'defaults.window: "4M" is not a window: 1 to 536870912 bytes'),
    ({"defaults.tos": 256}, 'defaults.tos: 256 is not a type of service: 0 to 255, or EF, VA, LE, DF, CS0 to CS7, AF11 to AF43'),
    ({"defaults.dscp": 64}, 'defaults.dscp: 64 is not a differentiated services code point: 0 to 63, or EF, VA, LE, DF, CS0 to CS7, AF11 to AF43'),
    ({"defaults.dscp": "EF", "defaults.tos": 184}, 'defaults.dscp: one of tos and dscp, which is its upper six bits'),
    ({"defaults.mss": 1400}, 'HK-WUS: a maximum segment size of 1400 bytes: only for TCP; for UDP there is the datagram\'s length'),
    ({"defaults.gsro": 1}, 'defaults.gsro: 1 is not a decision: true or false'),
    ({"sites.HK.bind_dev": ""}, 'sites.HK.bind_dev: "" is not the name of an interface: 1 to 15 visible characters'),
    ({"sites.HK.bind_dev": "a-very-long-name"}, 'sites.HK.bind_dev: "a-very-long-name" is not the name of an interface: 1 to 15 visible characters'),
    ({"defaults.family": 5}, 'defaults.family: 5 is not an address family: 4 or 6'),
    ({"defaults.family": 46}, 'defaults.family: 46 is not an address family: 4 or 6'),
    ({"defaults.protocol": "sctp"}, 'defaults.protocol: "sctp" is not a protocol: udp or tcp'),
    ({"defaults.protocol": 17}, 'defaults.protocol: 17 is not a protocol: udp or tcp'),
    ({"defaults.congestion": "BBR"}, 'defaults.congestion: "BBR" is not the name of a congestion control: 1 to 15 of a-z 0-9 _ -'),
    ({"defaults.direction": "both"}, 'defaults.direction: "both" is not a direction: push or pull'),
    ({"defaults.direction": None, "defaults.bind": "x"}, 'defaults.bind: "x" belongs to an unknown key'),
    # what a leg results in
    ({"defaults.datagram": 15}, 'HK-WUS: 15 is not the length of a datagram: 16 to 65507 bytes'),
    ({"defaults.duration": 5, "defaults.interval": 10}, 'HK-WUS: interval 10 s: longer than the test (5 s)'),
    ({"defaults.congestion": "bbr"}, 'HK-WUS: congestion control "bbr": UDP has none'),
    ({"defaults.direction": "push"}, 'sites.HK.ports: missing, and WUS-HK needs a server there'),
    ({"overrides": {"HK-WUS": {"direction": "pull"}}}, 'sites.HK.ports: missing, and HK-WUS needs a server there'),
    # legs
    ({"legs": None}, 'legs: missing'),
    ({"legs": "ring"}, 'legs: "ring" is neither "hub-and-spoke" nor "full-mesh" nor an array of legs'),
    ({"legs": {}}, 'legs: {...} is neither "hub-and-spoke" nor "full-mesh" nor an array of legs'),
    ({"sites.WUS.hub": False}, 'legs: "hub-and-spoke" needs a hub: none of the sites has "hub": true'),
    ({"legs": []}, 'legs: [...] has no leg'),
    ({"legs": [7]}, 'legs[0]: 7 is not a string'),
    ({"legs": ["HK-WUS", "HK"]}, 'legs[1]: "HK" is not a leg (SRC-DST)'),
    ({"legs": ["HK-FRA"]}, 'legs[0]: "HK-FRA" does not end at a site of this file'),
    ({"legs": ["FRA-HK"]}, 'legs[0]: "FRA-HK" does not begin at a site of this file'),
    ({"legs": ["HK-WUS-KC"]}, 'legs[0]: "HK-WUS-KC" does not end at a site of this file'),
    ({"legs": ["HK-HK"]}, 'legs[0]: "HK-HK" begins and ends at the same site'),
    ({"legs": ["HK-WUS", "KC-WUS", {"leg": "HK-WUS", "rate": "5M"}]}, 'legs[2].leg: "HK-WUS" is already listed as legs[0]'),
    ({"legs": [{"rate": "5M"}]}, 'legs[0].leg: missing'),
    ({"legs": [{"leg": "HK-WUS", "speed": "5M"}]}, 'legs[0].speed: "5M" belongs to an unknown key'),
    ({"legs": [{"leg": "HK-WUS", "rate": []}]}, 'legs[0].rate: [...] is not a rate: 10M, 1.5G, a whole number of bit/s, 0 for unlimited; at most 1000T'),
    ({"legs": [{"leg": "HK-WUS", "port": 0}]}, 'legs[0].port: 0 is not a port: 1 to 65535'),
    ({"legs": [{"leg": "HK-WUS", "port": 5300}]}, 'legs[0].port: 5300 is not one of the ports of WUS, which serves HK-WUS'),
    ({"legs": "full-mesh", "sites": {f"S{i}": {} for i in range(318)}}, 'legs: 100806 legs: at most 100000'),
    ({"legs": "full-mesh"}, 'sites.KC.ports: missing, and HK-KC needs a server there'),
    # overrides
    ({"overrides": 1}, 'overrides: 1 is not an object {...}'),
    ({"overrides": {"FRA": {}}}, 'overrides.FRA: no such site'),
    ({"overrides": {"HK-KC": {}}}, 'overrides.HK-KC: no such leg'),
    ({"overrides": {"HK-": {}}}, 'overrides.HK-: "HK-" does not end at a site of this file'),
    ({"overrides": {"HK": 1}}, 'overrides.HK: 1 is not an object {...}'),
    ({"overrides": {"HK-WUS": []}}, 'overrides.HK-WUS: [...] is not an object {...}'),
    ({"overrides": {"HK": {"port": 1}}}, 'overrides.HK.port: 1 belongs to an unknown key'),
    ({"overrides": {"HK": {"tos": "eff"}}}, 'overrides.HK.tos: "eff" is not a type of service: 0 to 255, or EF, VA, LE, DF, CS0 to CS7, AF11 to AF43'),
    ({"overrides": {"HK-WUS": {"streams": 0}}}, 'overrides.HK-WUS.streams: 0 is not a number of streams: 1 to 128'),
    ({"overrides": {"HK-WUS": {"port": 5207}}}, 'overrides.HK-WUS.port: 5207 is not one of the ports of WUS, which serves HK-WUS'),
    # plans that cannot run
    ({"sites.WUS.ports": 5201}, 'sites.WUS.ports: 1 port for 4 tests at one time: none is left for WUS-HK'),
    ({"sites.WUS.ports": "5201-5203"}, 'sites.WUS.ports: 3 ports for 4 tests at one time: none is left for WUS-KC'),
    ({"overrides": {"HK-WUS": {"port": 5204}, "WUS-KC": {"port": 5204}}}, 'sites.WUS.ports: 5204 is the port of HK-WUS and of WUS-KC at one time'),
    ({"sites.WUS.egress_limit": "19M"}, 'sites.WUS.egress_limit: "19M", and its tests send 20M at one time (round 1)'),
    ({"sites.HK.egress_limit": "19M", "defaults.streams": 2}, 'sites.HK.egress_limit: "19M", and its tests send 20M at one time (round 1)'),
    ({"sites.WUS.egress_limit": "1G", "overrides": {"WUS-HK": {"rate": "0"}}},
     'sites.WUS.egress_limit: "1G", and its tests send without limit at one time (round 1)'),
    ({**MESH, "sites.HK.max_tests": 2, "sites.WUS.max_tests": 2, "sites.KC.max_tests": 2, "overrides": {"KC": {"rate": "30M"}},
      "sites.KC.egress_limit": "20M"}, 'sites.KC.egress_limit: "20M", and its tests send 30M at one time (round 2)'),
    ({**{f"sites.S{i}": {} for i in range(198)}, "sites.WUS.ports": "5201-5700", "sites.WUS.egress_limit": "1G", "defaults.streams": 128,
      "defaults.rate": "1000T"}, 'sites.WUS.egress_limit: "1G", and its tests send 2.56e+19 bit/s at one time (round 1)'),
]
RAW = [  # whole texts
    ('', 1, "line 1, column 0: '[' or '{' expected near end of file"),
    ('[]', 2, '[...] is not an object {...}'),
    ('{"format": 1,\n "sites": {"HK": {},\n "HK": {}}}', 1, "line 3, column 5: duplicate object key near '\"HK\"'"),
    ('{"format": 1, "format": 1}', 1, "line 1, column 22: duplicate object key near '\"format\"'"),
    ('{"format": 1} x', 1, "line 1, column 15: end of file expected near 'x'"),
    ('{"format": 1, "description": "\\u0000"}', 1, "line 1, column 37: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"'"),
    ('{"format": 1, "x": NaN}', 1, "line 1, column 22: invalid token near 'NaN'"),
    ('{"a": "\x01"}', 1, "line 1, column 7: control character 0x1 near '\"'"),
    ('{"description": "' + 'x' * (4 << 20) + '"}', 1, 'not a topology: over 4194304 bytes'),
]

n_bad = 0
seen = []

def check(good, what):
    global n_bad
    n_bad += not good
    print(("ok - " if good else "not ok - ") + what)

def changed(changes):
    document = json.loads(json.dumps(BASE))
    for path, value in changes.items():
        *parents, key = path.split(".", 2) if path.startswith("sites.") else path.split(".", 1)
        if path.startswith("sites.") and path.count(".") == 3 and parents[-1] == "WUS" and key.startswith("place."):
            parents, key = parents + ["place"], key[6:]
        at = document
        for parent in parents:
            at = at.setdefault(parent, {})
        if value is None:
            at.pop(key, None)
        else:
            at[key] = value
    return json.dumps(document)

def refused(text):
    with open(work + "/t.json", "w") as out:
        out.write(text)
    run = subprocess.run([longhaul, "plan", "t.json"], cwd=work, capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr

for text, wanted_status, message in [(changed(c), 2, m) for c, m in CASES] + RAW:
    status, out, err = refused(text)
    wanted = f"longhaul: t.json: {message}\n"
    seen.append(message)
    good = (status, out, err) == (wanted_status, "", wanted)
    check(good, message if good else f"{message}: got {status}, {err!r}, {out[:80]!r}")
check(refused(changed({}))[::2] == (0, ""), "what all of these differ from is not refused")
check(refused(changed(MESH))[::2] == (0, ""), "nor is the mesh")

# Of objectives the list of the most specific place counts, as a whole.
with open(work + "/t.json", "w") as out:
    out.write(changed({"defaults": {"objectives": ["loss<=1%", "outage<=10s"]}, "overrides": {"KC": {"objectives": []}, "HK": {"objectives": ["jitter<=1ms"]},
                       "WUS-HK": {"objectives": ["delay<=20ms in 99% of hours"]}}, "sites.UAE": {}}))
run = subprocess.run([longhaul, "plan", "--json", "t.json"], cwd=work, capture_output=True, text=True)
got = {leg["leg"]: leg["objectives"] for leg in json.loads(run.stdout)["legs"]} if run.returncode == 0 else run.stderr
usual = ["loss <= 1 %", "outage <= 10 s"]
check(got == {"HK-WUS": ["jitter <= 1 ms"], "WUS-HK": ["delay p99 <= 20 ms in 99 % of hours"], "KC-WUS": [], "WUS-KC": [], "UAE-WUS": usual, "WUS-UAE": usual},
      f"objectives: a more specific list replaces a less specific one {got}")
run = subprocess.run([longhaul, "plan", "t.json"], cwd=work, capture_output=True, text=True)
lines = [line for line in run.stdout.splitlines() if line.startswith("  ") and " <= " in line]
check(lines == ["  HK->WUS: jitter <= 1 ms", "  WUS->HK: delay p99 <= 20 ms in 99 % of hours", "  UAE->WUS, WUS->UAE: loss <= 1 %; outage <= 10 s"],
      f"plan shows them {lines}")

# Each refusal of the sources has a message above.
literal = r'"(?:[^"\\]|\\.)*"(?:\s*(?:PRI\w+|"(?:[^"\\]|\\.)*"))*'
calls = r'(?:(?:value_refuse(?:_quoting)?|error_set)\((?:[^";]|\n)*?|define NO_\w+ |snprintf\(why, size(?:of why)?, )'
texts = set()
for text in re.findall(calls + "(" + literal + ")", sources):
    text = re.sub(r"\s*PRI\w+", ' "d"', text)
    texts.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace('\\"', '"').replace("\\\\", "\\"))
others = {"%", "out of memory", "%s", "%s: line %d, column %d: %s", "%s: %s%s%s%s%s", "price %g for 1e9 bytes: from 0 to 1000000",
          '%s: no site "%.40s" (it has %s)', '%s: no leg "%.70s" (longhaul plan lists them)', "%s: is a folder", "%s: not a topology: over %u bytes",
          "%s: %s-%s: %s", "%s %s"}
for text in sorted(texts - others):
    pattern = re.escape(re.sub(r"^%s: ", "", text))
    pattern = re.sub(r"%(?:\\\.)?[0-9]*(?:z?u|ld|lu|d|g|s)", ".*", pattern)
    check(any(re.search(pattern, message) for message in seen), f"the sources' refusal has a case: {text}")
check(len(texts) > 35, f"{len(texts)} refusals found in the sources")
sys.exit(n_bad > 0)
