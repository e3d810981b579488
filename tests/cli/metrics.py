"""metrics.py watch FILE SECONDS SAMPLES: every version of a metrics file that appears, as lines of JSON.
metrics.py check WHAT SAMPLES STATUS RESULT...: that counters never go back, and the last figures are the result's."""
import json, os, re, subprocess, sys, time


def parse(text):
    """The exposition format, strictly: HELP and TYPE before samples, each family once, no timestamps."""
    types, values, seen = {}, {}, None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            seen = line.split(" ")[2]
            assert seen not in types, "family twice: " + line
        elif line.startswith("# TYPE "):
            name, kind = line.split(" ")[2:]
            assert name == seen, line
            types[name] = kind
        else:
            m = re.fullmatch(r'([a-z0-9_]+)(\{([a-z]+="(\\.|[^"\\])*",?)*\}) (-?[0-9.e+-]+|NaN)', line)
            assert m and (re.sub("_(bucket|sum|count)$", "", m[1]) if types[seen] == "histogram" else m[1]) == seen, line
            key = m[1] + m[2]
            assert key not in values, "series twice: " + line
            values[key] = float(m[5])
    return types, values


def is_bucket(types, key):
    return types.get(re.sub("_(bucket|sum|count)$", "", key.split("{")[0])) == "histogram"


def watch(path, seconds, out):
    end, last = time.monotonic() + seconds, None
    with open(out, "w") as samples:
        is_on = True
        while time.monotonic() < end and is_on:
            is_on = os.path.exists(out + ".on")  # once more after that: the last version
            try:
                text = open(path).read()
            except FileNotFoundError:
                text = None
            if text is not None and text != last:
                samples.write(json.dumps(text) + "\n")
                samples.flush()
                last = text
            time.sleep(0.02)


def check(what, samples, status, results):
    failed = False

    def say(good, text):
        nonlocal failed
        failed = failed or not good
        print(("ok - " if good else "not ok - ") + what + ": " + text)

    versions = [parse(json.loads(line)) for line in open(samples)]
    say(len(versions) >= 10, "%d versions of the file, each whole" % len(versions))
    counters = {k for types, values in versions for k in values if types.get(k.split("{")[0]) == "counter" or is_bucket(types, k)}
    back = [(k, a[1][k], b[1][k]) for k in sorted(counters) for a, b in zip(versions, versions[1:])
            if k in a[1] and (k not in b[1] or b[1][k] < a[1][k])]
    say(len(counters) >= 4 and not back, "%d counters, none of which goes back %s" % (len(counters), back))
    stamps = [v for _, values in versions for k, v in values.items() if k.startswith("longhaul_run_last_update")]
    say(stamps == sorted(set(stamps)), "each version is newer than the one before")
    one = [sum(v for k, v in values.items() if k.startswith("longhaul_run_state")) for _, values in versions]
    say(set(one) == {1.0}, "a leg is in one state at a time")
    result = json.load(open(results[0]))
    own, total, last = result["longhaul"], result["end"]["sum"], versions[-1][1]
    leg = '{src="HK",dst="WUS"}'

    def near(name, wanted, slack):
        got = last.get("longhaul_run_" + name + leg)
        say(got is not None and abs(got - wanted) <= slack, "%s at the end is the result's: %s, %s" % (name, got, wanted))

    near("bytes_total", total["bytes"], 0)
    near("packets_total", total["packets"], 0)
    if "lost_packets" in total:
        near("lost_packets_total", total["lost_packets"], 0)
    near("gaps_total", len(own["gaps"]), 0)
    near("observed_seconds_total", own["observed_s"], 0.3)
    near("coverage_ratio", own["coverage"], 0.05)
    near("remaining_seconds", 0, 0)
    shown = json.loads(subprocess.run([os.environ["longhaul"], "show", "--json", results[0]], capture_output=True, text=True).stdout)
    rows = [row["sum"] for row in result["intervals"] if not row["sum"]["omitted"] and "lost_packets" in row["sum"]]
    if rows:
        near("interval_jitter_seconds_count", sum(row.get("jitter_ms") is not None for row in rows), 0)
        near("interval_jitter_seconds_sum", sum(row.get("jitter_ms") or 0 for row in rows) / 1e3, 1e-6)
        silent_s = sum(gap["seconds"] for gap in own["gaps"] if gap["cause"] in ("path-silent", "link-down"))
        near("unavailable_seconds_total", (1 - shown["availability"]) * sum(row["seconds"] for row in rows) + silent_s, 1.2)
    else:
        say(not any("jitter" in k or "unavailable" in k for _, values in versions for k in values), "a sender knows no jitter and no availability")
    delays = shown["delay"]
    buckets = [[v for k, v in values.items() if "_delay_seconds_bucket" in k] + [v for k, v in values.items() if "_delay_seconds_count" in k] for _, values in versions]
    say(all(b == sorted(b) and (not b or b[-1] == b[-2]) for b in buckets), "buckets of delays are cumulative, and the last one has all")
    if delays:
        near("delay_seconds_count", delays["n_datagrams"], 0)
        near("silences_total", delays["n_silences"], 0)
        near("longest_silence_seconds", delays["longest_silence_ms"] / 1e3, 1e-4)
        say(len(buckets[-1]) == 18 and buckets[-1][-1] > 0, "17 buckets, %g datagrams" % buckets[-1][-1])
        p99_s = [v for _, values in versions for k, v in values.items() if "_delay_p99_seconds" in k]
        say(len(p99_s) > 3 and all(0 <= v < 1 for v in p99_s), "p99 of the newest interval: %s" % p99_s[:3])
    else:
        say(not any("delay" in k or "silence" in k or "shift" in k for _, values in versions for k in values), "a sender knows no delays")
    say(last['longhaul_run_state{src="HK",dst="WUS",state="done"}'] == 1, "its state is done")
    states = [json.loads(line) for line in open(status)]
    say(all(b[k] >= a[k] for a, b in zip(states, states[1:]) for k in ("bytes", "packets", "observed_s", "sessions", "gaps", "most_lost")),
        "longhaul_run_status(): nothing goes back in %d answers" % len(states))
    say(states[-1]["bytes"] == total["bytes"] and states[-1]["phase"] == 3, "longhaul_run_status(): its last bytes are the result's")
    sys.exit(failed)


if sys.argv[1] == "watch":
    watch(sys.argv[2], float(sys.argv[3]), sys.argv[4])
else:
    check(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
