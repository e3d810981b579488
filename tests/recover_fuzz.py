"""recover_fuzz.py LONGHAUL FAILING.so FOLDER N [SEED]: N journals, changed at random, some of them in a host that has no memory, a full or a broken
disk (FAILING.so may be "": none then); each is recovered. The rows of the journal are then in the result, or the journal is still there as it was (a damaged one may have
the name X.journal.damaged). One line for each that fails, then the figures."""
import collections, json, os, random, subprocess, sys

tool, shim, folder, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.SystemRandom().randrange(1 << 32)
rng = random.Random(seed)
STEM = "HK-WUS-10M_20S_20251115_010046"
START = 1763168446

def line(event, data, **more):
    return json.dumps(dict({"event": event, "data": data}, **more), separators=(",", ":"))

def row(i, is_tcp):
    figures = {"start": float(i), "end": i + 1.0, "seconds": 1.0, "bytes": 1250172 + i, "bits_per_second": 10001376.0 + i}
    figures.update({"retransmits": i % 3} if is_tcp else {"packets": 902 + i})
    figures.update({"omitted": False, "sender": True})
    return {"streams": [dict(figures, socket=5)], "sum": figures,
            "longhaul": {"unix_us": (START + i) * 1000000, "monotonic_us": i * 1000000, "segment": 0}}

def journal():
    """Lines of a journal as longhaul writes it."""
    is_tcp, n = rng.random() < 0.3, rng.choice((1, 2, 5, 12))
    lines = [line("longhaul", {"format": 1, "version": "0.1.0", "source": "HK", "destination": "WUS", "direction": "push", "peer": "192.0.2.2",
                               "port": 5201, "protocol": "TCP" if is_tcp else "UDP", "rate_bps": 10000000, "duration_s": 20, "interval_s": 1.0,
                               "start_unix_us": START * 1000000}),
             line("start", {"connected": [{"socket": 5, "local_host": "192.0.2.1", "remote_host": "192.0.2.2"}], "version": "iperf 3.12",
                            "cookie": "abcdefghijklmnopqrstuvwxyz2345678901", "test_start": {"protocol": "UDP", "num_streams": 1, "duration": 20}})]
    for i in range(n):
        lines.append(line("interval", row(i, is_tcp)))
        if rng.random() < 0.1:
            lines.append(line("gap", {"start_s": i + 1.0, "seconds": 0.5, "cause": "path-silent", "noticed_by": "acks", "text": "quiet"}))
        if rng.random() < 0.1:
            lines.append(line("rtt", {"at_s": i + 0.5, "ms": 1.25, "method": "TCP handshake"}))
        if rng.random() < 0.05:
            lines.append(line("session", {"ending": "the server closed the control connection", "is_clean": False}))
            lines.append(lines[1])
    if rng.random() < 0.5:
        lines.append(line("end", {"sum": dict(row(0, is_tcp)["sum"], jitter_ms=0.01, lost_packets=1)}))
        lines.append(line("session", {"ending": "complete", "is_clean": True}))
    return [l.encode() for l in lines]

# ---- changes: of the lines, of the whole

def some(lines):
    return rng.randrange(len(lines))

def reshape(text):
    """The same events in another legal spelling."""
    event = json.loads(text)
    how = rng.randrange(7)
    if how == 0:
        return json.dumps(event).encode()
    if how == 1:
        event["note"] = rng.choice((1, None, "x", [1, {}]))
    elif how == 2:
        event = dict(reversed(list(event.items())))
    elif how == 3:
        return text.replace(b'"event"', b'"\\u0065vent"', 1)
    elif how == 4:
        own = event["data"].get("longhaul")
        if isinstance(own, dict) and "unix_us" in own:
            return text.replace(b'"unix_us":%d' % own["unix_us"], b'"unix_us":%d.0e6' % (own["unix_us"] // 1000000))
    elif how == 5:
        return text.replace(b'"bytes":', b'"bytes":1E0,"bytes":', 1)
    else:
        return text.replace(b'"seconds":1.0', b'"seconds":%s' % rng.choice((b"1", b"1.00", b"10e-1", b"0.1E1", b"1.0e+0")))
    return json.dumps(event, separators=(",", ":")).encode()

def change_lines(lines):
    i, how = some(lines), rng.randrange(12)
    try:
        if how == 0:
            lines[i] += rng.choice((b" ", b"  ", b"\t", b"\r", b" \r", b"\x0b", b"\0"))
        elif how == 1:
            lines[i] = rng.choice((b" ", b"\t", b"\xef\xbb\xbf", b"\0" * 40)) + lines[i]
        elif how in (2, 3, 4):
            lines[i] = reshape(lines[i])
        elif how == 5:
            lines[:] = [reshape(l) for l in lines]
        elif how == 6:
            lines.insert(i, rng.choice((b"", b"\r", b"   ", b"null", b"[]", b"{}", b'{"event":1}', b"junk", b"\0" * 100, b"x" * 100000)))
        elif how == 7:
            lines.insert(i, lines[some(lines)])
        elif how == 8:
            del lines[i]
        elif how == 9 and i + 1 < len(lines):
            lines[i:i + 2] = [lines[i] + rng.choice((b"", b"\r", b" ", b"\0", b",")) + lines[i + 1]]
        elif how == 10:
            lines[i] = lines[i].replace(b":1.0", rng.choice((b":NaN", b":1e400", b":-0", b":1" + b"0" * 25, b":null", b':"1.0"', b":01", b":+1")), 1)
        else:
            k = rng.randrange(len(lines[i]) + 1)
            lines[i:i + 1] = [lines[i][:k], lines[i][k:]]
    except (ValueError, KeyError, AttributeError, TypeError):
        pass

def change_bytes(data):
    data, how = bytearray(data), rng.randrange(6)
    at = rng.randrange(len(data)) if data else 0
    if how == 0:
        data[at:at + 1] = bytes([rng.randrange(256)])
    elif how == 1:
        data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 5)))
    elif how == 2:
        del data[at:at + rng.randrange(1, 200)]
    elif how == 3:
        del data[at:]
    elif how == 4:
        n = rng.randrange(1, 5000)
        data[at:at + n] = bytes(min(n, len(data) - at))
    else:
        data[at:at + 1] = bytes([data[at] ^ 1 << rng.randrange(8)]) if data else b""
    return bytes(data)

def changed():
    lines, how = journal(), rng.randrange(10)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 5))):
        change_lines(lines)
        if not lines:
            break
    end = rng.choice((b"\n", b"\n", b"\n", b"\r\n", b" \n", b"\n\n", b"\r"))
    data = b"".join(l + end for l in lines)
    if how == 0:
        data = data[:-len(end)]
    if how < 4:
        data = change_bytes(data)
    return data

# ---- what must be there

def no_constant(text):
    raise ValueError(text)

def rows_of(data):
    """The rows that another program's JSON reads, one event in a line."""
    for text in data.replace(b"\r", b"\n").split(b"\n"):
        try:
            event = json.loads(text.decode(), parse_constant=no_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and event.get("event") == "interval" and isinstance(event.get("data"), dict):
            yield event["data"]

def same(a, b):
    """But for what the result says of what nobody confirmed; a number is a number in any spelling."""
    if isinstance(a, dict) and isinstance(b, dict):
        b = {k: v for k, v in b.items() if k != "confirmed" and not (k == "longhaul" and k not in a and v == {"confirmed": False})}
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return a == b or float(a) == float(b)
    return a == b

def missing(data, result):
    """How many rows of the journal are not in the result, in their order."""
    left, n = iter(result["intervals"]), 0
    for wanted in rows_of(data):
        n += not any(same(wanted, r) for r in left)
    return n

FAILURES = [("malloc", "ENOMEM"), ("malloc", "ENOMEM"), ("malloc", "ENOMEM"), ("write", "ENOSPC"), ("write", "EIO"), ("sync", "EIO"), ("sync", "ENOSPC"),
            ("rename", "ENOSPC"), ("read", "EIO"), ("link", "EIO")]

def counts_of(data):
    """How many calls of each kind recovering it takes."""
    run(data, dict(os.environ, LD_PRELOAD=shim, FAILING_COUNTS=folder + "/counts"))
    return {k: int(v) for k, v in (l.split() for l in open(folder + "/counts"))}

def run(data, env):
    for name in os.listdir(folder):
        if name != "counts":
            os.unlink(os.path.join(folder, name))
    path = "%s/%s.journal" % (folder, STEM)
    with open(path, "wb") as out:
        out.write(data)
    p = subprocess.run([tool, "recover", path], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stderr.decode("utf-8", "replace")

def content(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError:
        return None

def verdict(data, rc, said, is_failing):
    """What is wrong, or None; and how it ended."""
    base = folder + "/" + STEM
    kept, aside, text = content(base + ".journal"), content(base + ".journal.damaged"), content(base + ".json")
    is_there = data in (kept, aside)
    if rc == -6 and is_failing and kept == data and text is None:
        return None, "kept, the C library gave up" # where no memory at all is left
    if rc < 0 or rc > 2:
        return "exit status %d: %s" % (rc, said), "crash"
    if kept is not None and kept != data:
        return "the journal was changed", "changed"
    if kept is not None and rc == 0:
        return "exit status 0, and the journal is still there", "unsaid"
    if kept is None and rc != 0:
        return "the journal is gone, exit status %d: %s" % (rc, said), "unsaid"
    if rc != 0 and not said:
        return "an error without a word", "unsaid"
    if [n for n in os.listdir(folder) if ".tmp" in n]:
        return "a temporary file is left: %s" % os.listdir(folder), "left"
    if text is None:
        return (None, "kept") if is_there else ("neither journal nor result", "lost")
    try:
        result = json.loads(text.decode(), parse_constant=no_constant)
    except ValueError as e:
        return "the result is not JSON: %s" % e, "broken"
    n = missing(data, result)
    if n and not is_there:
        return "%d rows of the journal are not in the result" % n, "lost"
    return None, "kept and written" if kept is not None else "written, damage kept" if aside is not None else "written"

def main():
    outcomes, bad = collections.Counter(), 0
    base = b"".join(l + b"\n" for l in journal())
    counts = counts_of(base) if shim else {}
    if shim and content("%s/%s.json" % (folder, STEM)) is None:
        print("not ok - control: a journal that nobody changed is recovered where no call fails")
        return
    for i in range(count):
        failing, data = None, changed()
        if shim and i < count // 2: # every call once, of one journal after the other
            if rng.random() < 0.05:
                base = changed()
                counts = counts_of(base)
            kind, error = FAILURES[i % len(FAILURES)]
            if rng.random() < 0.8:
                data = base
            failing = "%s:%d%s:%s" % (kind, 1 + rng.randrange(max(1, counts[kind] + 1)), rng.choice(("", "", "+")), error)
        env = dict(os.environ, LD_PRELOAD=shim, FAILING=failing) if failing else dict(os.environ)
        try:
            rc, said = run(data, env)
        except subprocess.TimeoutExpired:
            rc, said = -1, "no end in 60 s"
        wrong, how = verdict(data, rc, said, bool(failing))
        outcomes[how + (" (a call failed)" if failing else "")] += 1
        if wrong:
            bad += 1
            kept = "%s.%d" % (folder.rstrip("/"), i)
            with open(kept, "wb") as out:
                out.write(data)
            print("not ok - journal %d, seed %d, %s: %s (%s)" % (i, seed, failing, wrong.strip()[:300], kept))
            if bad >= 20:
                break
    print("%s - %d journals, seed %d: %s" % ("not ok" if bad else "ok", count, seed, ", ".join("%d %s" % (n, how) for how, n in sorted(outcomes.items()))))

main()
