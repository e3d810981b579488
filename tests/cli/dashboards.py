"""dashboards.py schema FOLDER: holds the dashboards against what is known of Grafana's schema (kinds/dashboard, schemaVersion 38).
dashboards.py live PROM... : the files of --metrics as OpenMetrics with timestamps: the figures grow from 0 to the file's in ten minutes.
dashboards.py metrics OPENMETRICS: the newest sample of each series of an export, in the form that promtool check metrics reads.
dashboards.py queries URL FOLDER LONGHAUL PATH...: asks a server with Prometheus's API all queries of all panels, annotations and variables."""
import glob
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request

failed = False
START, DAY = 1763168446, 1763164800  # of the fixture
LIVE = DAY + 3600  # the live figures begin then
# What Grafana's own types (@grafana/schema 11) want in a panel's options, by the panel's kind: members and their kinds, or one of some words.
LEGEND = {"displayMode": {"list", "table", "hidden"}, "placement": {"bottom", "right"}, "showLegend": bool, "calcs": list}
TOOLTIP = {"mode": {"single", "multi", "none"}, "sort": {"asc", "desc", "none"}}
TYPES = {
    "timeseries": {"legend": LEGEND, "tooltip": TOOLTIP}, "state-timeline": {"showValue": {"auto", "never", "always"}, "legend": LEGEND, "tooltip": TOOLTIP},
    "table": {"showHeader": bool}, "stat": {"reduceOptions": {"calcs": list, "fields": str, "values": bool}, "colorMode": {"value", "background", "none"}},
    "heatmap": {"calculate": bool, "yAxis": {"unit": str},
                "color": {"scheme": str, "mode": {"scheme", "opacity"}, "steps": int, "exponent": float, "fill": str, "reverse": bool}},
}
UNITS = {"none", "short", "percent", "percentunit", "s", "ms", "bps", "Bps", "bytes", "pps"}  # some of Grafana's
LINK = {"title": str, "type": {"dashboards", "link"}, "icon": str, "tooltip": str, "tags": list, "asDropdown": bool, "targetBlank": bool, "keepTime": bool, "includeVars": bool}


def check(good, what):
    global failed
    failed = failed or not good
    print(("ok - " if good else "not ok - ") + what)


def dashboards(folder):
    return [(path.split("/")[-1], json.load(open(path))) for path in sorted(glob.glob(folder + "/*.json"))]


# ---- the schema

def lacks(thing, wanted, where):
    """What is missing of the wanted members, or of another kind, or not one of the known words."""
    for key, kind in wanted.items():
        value = thing.get(key) if isinstance(thing, dict) else None
        if isinstance(kind, dict):
            yield from lacks(value, kind, "%s: %s" % (where, key))
        elif not (value in kind if isinstance(kind, set) else isinstance(value, kind) and isinstance(value, bool) == (kind is bool)):
            yield "%s: %s is %r" % (where, key, value)


def problems_of(name, d):
    def need(thing, where, **members):
        for key, kind in members.items():
            if not isinstance(thing.get(key), kind) or isinstance(thing.get(key), bool) != (kind is bool):
                yield "%s: %s is not %s" % (where, key, kind.__name__)

    yield from need(d, name, uid=str, title=str, tags=list, schemaVersion=int, version=int, editable=bool, timezone=str, graphTooltip=int,
                    refresh=str, time=dict, templating=dict, annotations=dict, panels=list, links=list)
    if d["uid"] + ".json" != name or not re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", d["uid"]):
        yield name + ": uid"
    if d.get("id") is not None:
        yield name + ": has an id of one installation"
    if d["timezone"] not in ("", "utc", "browser") or d["graphTooltip"] not in (0, 1, 2) or set(d["time"]) != {"from", "to"}:
        yield name + ": time"
    known = {v["name"] for v in d["templating"]["list"]}
    if len(known) != len(d["templating"]["list"]) or not {"datasource", "kind", "src", "dst"} <= known:
        yield "%s: variables %s" % (name, known)
    for v in d["templating"]["list"]:
        yield from need(v, name + " variable", name=str, type=str, hide=int)
        if "current" in v:
            yield from lacks(v["current"], {"text": (str, list), "value": (str, list)}, "%s variable %s" % (name, v["name"]))
        if v["type"] not in ("query", "custom", "datasource") or (v["type"] == "query" and v["datasource"]["uid"] != "${datasource}"):
            yield "%s: variable %s" % (name, v["name"])
    for a in d["annotations"]["list"]:
        yield from need(a, name + " annotation", name=str, datasource=dict, enable=bool, iconColor=str, expr=str)
    for link in d["links"]:
        yield from lacks(link, LINK, name + " link")
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(d))) - {"datasource"}
    if known - {"datasource"} - used:
        yield "%s: variables that nothing uses: %s" % (name, known - used)
    ids, cells = set(), {}
    for p in d["panels"]:
        where = "%s, %s" % (name, p.get("title"))
        yield from need(p, where, id=int, type=str, title=str, datasource=dict, gridPos=dict, targets=list, fieldConfig=dict, options=dict, description=str)
        if p["id"] in ids or p["id"] < 1:
            yield where + ": id"
        ids.add(p["id"])
        if p["type"] not in TYPES or not p["title"]:
            yield where + ": type"
        yield from lacks(p["options"], TYPES.get(p["type"], {}), where)
        units = [p["fieldConfig"]["defaults"].get("unit")] + [x["value"] for o in p["fieldConfig"]["overrides"] for x in o["properties"] if x["id"] == "unit"]
        if not set(units) <= UNITS:
            yield "%s: units %s" % (where, units)
        at = p["gridPos"]
        if set(at) != {"x", "y", "w", "h"} or not (0 <= at["x"] and at["w"] > 0 and at["h"] > 0 and at["y"] >= 0 and at["x"] + at["w"] <= 24):
            yield where + ": gridPos"
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                if (x, y) in cells:
                    yield "%s: lies over %s" % (where, cells[x, y])
                cells[x, y] = p["title"]
        refs = [t["refId"] for t in p["targets"]]
        if not refs or len(set(refs)) != len(refs):
            yield where + ": refId"
        for t in p["targets"]:
            yield from need(t, where, expr=str, refId=str, legendFormat=str, instant=bool, range=bool, datasource=dict)
            if t["instant"] == t["range"]:
                yield where + ": instant or range"
            unknown = {a or b for a, b in re.findall(r"\$\{(\w+)\}|\$(\w+)", t["expr"])} - known - {"__range", "__range_s", "__rate_interval", "__interval"}
            if unknown:
                yield "%s: unknown variables %s" % (where, unknown)
        for thing in [p] + p["targets"]:
            if thing["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
                yield where + ": datasource"
        yield from need(p["fieldConfig"], where, defaults=dict, overrides=list)
        steps = p["fieldConfig"]["defaults"]["thresholds"]["steps"]
        if p["fieldConfig"]["defaults"]["thresholds"]["mode"] not in ("absolute", "percentage") or steps[0]["value"] is not None or \
                [s["value"] for s in steps[1:]] != sorted(s["value"] for s in steps[1:]):
            yield where + ": thresholds"
        if any(set(t) != {"id", "options"} for t in p.get("transformations", [])):
            yield where + ": transformations"


def schema(folder):
    all_of_them = dashboards(folder)
    for name, d in all_of_them:
        problems = list(problems_of(name, d))
        check(not problems, "%s: %d panels, as far as Grafana's schema is known: %s" % (name, len(d["panels"]), problems[:3]))
    check({n for n, _ in all_of_them} == {"longhaul-%s.json" % n for n in ("overview", "leg", "pair", "fleet", "months")} and len({d["title"] for _, d in all_of_them}) == 5, "five dashboards, each with a uid and a title of its own")
    broken = json.loads(json.dumps(all_of_them[0][1]))
    broken["panels"][1]["gridPos"] = dict(broken["panels"][0]["gridPos"])
    broken["panels"][0]["datasource"] = {"type": "prometheus", "uid": "x"}
    broken["panels"][0]["fieldConfig"]["defaults"]["unit"] = "parsecs"
    broken["panels"][1]["options"] = {}
    broken["links"][0].pop("icon")
    broken["templating"]["list"][0]["current"] = {}
    found = " ".join(problems_of(all_of_them[0][0], broken))
    missed = [what for what in ("lies over", "datasource", "parsecs", "link: icon", "text is None") if what not in found]
    check(not missed, "what is wrong with a broken dashboard is found: %s" % missed)


# ---- fixtures

def live(paths):
    families = {}
    for path in paths:
        for line in open(path):
            if line.startswith("# TYPE "):
                family, kind = line.split()[2:]
                families.setdefault(family, (kind, []))
            elif not line.startswith("#"):
                series, value = line.rstrip("\n").rsplit(" ", 1)
                families[family][1].append((series[:-1] + ',instance="%s"}' % path.split("/")[-1], float(value)))
    for family, (kind, series) in families.items():
        name = family[:-6] if kind == "counter" and family.endswith("_total") else family
        print("# TYPE %s %s" % (name, kind))
        grows = kind in ("counter", "histogram")
        for labels, value in series if kind != "histogram" else []:
            for i in range(41):
                if family.endswith("timestamp_seconds"):
                    value = LIVE + 15 * i
                print(labels, repr(value * i / 40 if grows else value), LIVE + 15 * i)
        if kind == "histogram":
            for i in range(41):
                for labels, value in series:
                    print(labels, repr(value * i / 40), LIVE + 15 * i)
    print("# EOF")


def metrics(path):
    """promtool reads the older format: a type's name is that of the samples, and there are no timestamps."""
    newest, order = {}, []
    for line in open(path):
        if line.startswith("# EOF"):
            continue
        if line.startswith("#"):
            _, word, name, rest = line.split(" ", 3)
            kind = rest.strip() if word == "TYPE" else kind
            name += {"counter": "_total", "info": "_info"}.get(kind, "")
            order.append("# %s %s %s" % (word, name, "gauge\n" if rest.strip() == "info" and word == "TYPE" else rest))
        else:
            series = line.rsplit(" ", 1)[0].rsplit(" ", 1)[0]
            if series not in newest:
                order.append(series)
            newest[series] = line.rsplit(" ", 2)[1]
    for line in order:
        print(line.rstrip("\n") if line.startswith("#") else "%s %s" % (line, newest[line]))


# ---- queries

def ask(url, path, **query):
    try:
        return json.load(urllib.request.urlopen(url + path + "?" + urllib.parse.urlencode(query, doseq=True), timeout=60))["data"]
    except urllib.error.HTTPError as error:
        print("# %s: %s" % (query, error.read().decode()[:300]))
        return None


def filled(expr, kind, src, dst, span, interval):
    for name, value in (("kind", kind), ("src", src), ("dst", dst), ("__range_s", str(span)), ("__range", "%ds" % span), ("__rate_interval", "%ds" % max(60, interval)), ("__interval", "%ds" % interval)):
        expr = expr.replace("${%s}" % name, value).replace("$" + name, value)
    return expr


def has_values(data):
    values = [float(v) for r in (data or {"result": []})["result"] for _, v in r.get("values", [r["value"]] if "value" in r else [])]
    return any(v == v for v in values)


def run_query(url, t, expr, start, end, interval):
    if t.get("instant"):
        return ask(url, "/api/v1/query", query=expr, time=end)
    return ask(url, "/api/v1/query_range", query=expr, start=start, end=end, step=interval)


def manual(page):
    return set(re.findall(r"longhaul_(?:run|serve)_([a-z0-9_]+)", open(page).read()))


def times(name, kind):
    """The time that a dashboard shows, and the step of its graphs."""
    if kind != "leg":
        return LIVE, LIVE + 600, 60
    return (DAY, DAY + 3 * 86400, 86400) if name == "longhaul-months.json" else (DAY, DAY + 7200, 120)


def queries(url, folder, longhaul, paths):
    live_names, n, empty = manual("man/longhaul-metrics.5"), 0, []
    for name, d in dashboards(folder):
        kinds = [o["value"] for o in next(v for v in d["templating"]["list"] if v["name"] == "kind")["options"]]
        asked = {}  # each query of a panel: whether one of the kinds has values
        for kind in kinds:
            start, end, step = times(name, kind)
            is_pair = name == "longhaul-pair.json"
            src, dst = ("WUS", "HK") if is_pair else (".*", ".*")
            for p in d["panels"]:
                for t in p["targets"]:
                    its = re.findall(r"longhaul_\$\{kind\}_([a-z0-9_]+)", t["expr"])
                    fixed = re.findall(r"longhaul_(leg|run|serve)_", t["expr"])
                    bare = {re.sub("_(bucket|sum|count)$", "", i) for i in its}
                    interval = 120 if p.get("interval") == "2m" else step
                    one = (p["title"], t["refId"])
                    if kind != "leg" and not bare <= live_names:
                        continue
                    when = times(name, fixed[0] if fixed and not its else kind)
                    data = run_query(url, t, filled(t["expr"], kind, src, dst, when[1] - when[0], interval), when[0], when[1], interval)
                    n += 1
                    asked[one] = asked.get(one, False) or has_values(data)
                    if kind == "leg" and not has_values(data):
                        empty.append((name, kind) + one)
            for v in d["templating"]["list"]:
                if v["type"] == "query":
                    match, label = re.fullmatch(r"label_values\((.*), (\w+)\)", filled(v["query"]["query"], kind, ".*", ".*", 0, 0)).groups()
                    n += 1
                    if not ask(url, "/api/v1/label/%s/values" % label, **{"match[]": match, "start": start, "end": end}):
                        empty.append((name, kind, v["name"]))
        empty += [(name,) + one for one, good in asked.items() if not good]
        for a in d["annotations"]["list"]:
            when = times("", "leg" if "leg" in a["expr"] else "run")
            n += 1
            if not has_values(ask(url, "/api/v1/query_range", query=filled(a["expr"], "leg", ".*", ".*", 0, 0), start=when[0], end=when[1], step=60)) and "waiting" not in a["expr"]:
                empty.append((name, "annotation", a["name"]))
    check(not empty and n > 100, "%s: %d queries, none is empty: %s" % (url.split("/")[2].split(":")[0], n, empty[:5]))
    values(url, folder, longhaul, paths)


def by_leg(data):
    return {(r["metric"].get("src"), r["metric"].get("dst")): float(r["value"][1]) for r in data["result"]}


def find(folder, name, title, i=0):
    return next(p for n, d in dashboards(folder) if n == "longhaul-%s.json" % name for p in d["panels"] if p["title"] == title)["targets"][i]["expr"]


def values(url, folder, longhaul, paths):
    """What some panels show is what longhaul show says."""
    tests = [json.loads(line) for line in subprocess.run([longhaul, "show", "--json", *paths], capture_output=True, text=True).stdout.splitlines()]
    span = 3 * 86400
    lost, total, down = {}, {}, 0
    for t in tests:
        leg = (t["source"], t["destination"])
        down += t["downtime_s"]
        if t["lost_packets"] is not None:
            lost[leg] = lost.get(leg, 0) + t["lost_packets"]
            total[leg] = total.get(leg, 0) + t["total_packets"]
    at = lambda expr: ask(url, "/api/v1/query", query=filled(expr, "leg", ".*", ".*", span, 60), time=DAY + span)
    check(by_leg(at(find(folder, "months", "Lost in the time shown"))) == lost, "months: the lost datagrams of each leg are those of show")
    got = by_leg(at(find(folder, "months", "Loss in the time shown")))
    check(set(got) == set(lost) and all(abs(got[k] - lost[k] / total[k]) < 1e-12 for k in lost), "months: their share too")
    check(abs(float(at(find(folder, "months", "Downtime"))["result"][0]["value"][1]) - down) < 1e-6 * down and down > 0, "months: downtime, %g s" % down)
    n = float(at(find(folder, "months", "Tests"))["result"][0]["value"][1])
    check(n == len(tests), "months: %d tests" % n)
    n = float(at(find(folder, "overview", "Legs"))["result"][0]["value"][1])
    check(n == len({(t["source"], t["destination"]) for t in tests}), "overview: %d legs" % n)
    got = by_leg(at(find(folder, "overview", "Loss")))
    by_rows = {}
    for t in tests:
        if t["intervals_lost_packets"] is not None:
            a, b = by_rows.get((t["source"], t["destination"]), (0, 0))
            by_rows[t["source"], t["destination"]] = a + t["intervals_lost_packets"], b + t["intervals_packets"]
    # Prometheus's increase() extrapolates both sums alike; the first value of a series counts in neither of them.
    check(set(got) == set(by_rows) and all(abs(got[k] - a / b) <= 0.02 * a / b + 1e-9 for k, (a, b) in by_rows.items()), "overview: the loss of each leg: %s" % {k: (got.get(k), a / b) for k, (a, b) in by_rows.items() if abs(got.get(k, 9) - a / b) > 0.02 * a / b})
    got = by_leg(at(find(folder, "overview", "Delay p99")))
    wanted = {(t["source"], t["destination"]): t["delay"]["p99_of_buckets_ms"] / 1e3 for t in tests if t["delay"]}
    check(set(got) == set(wanted) and all(abs(got[k] - v) < 1e-6 * v for k, v in wanted.items()), "overview: p99 of the delays, as of show's buckets")


mode, *arguments = sys.argv[1:]
if mode == "live":
    live(arguments)
elif mode == "metrics":
    metrics(*arguments)
elif mode == "schema":
    schema(*arguments)
else:
    queries(arguments[0], arguments[1], arguments[2], arguments[3:])
sys.exit(failed)
