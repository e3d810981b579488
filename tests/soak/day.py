"""day.py LONGHAUL DIR: a day's journal to its result. A real leg of some seconds over loopback, pushed and pulled, is stopped; its
journal's interval lines are put one after the other, with only their times changed, until there are 86,400; `longhaul
recover` makes the result of each. Its time and its peak memory are printed, and the result is compared with the lines."""
import glob, json, os, re, signal, subprocess, sys, time

longhaul, folder = sys.argv[1], sys.argv[2]
N, RSS_MAX_KB = 86400, 32 * 1024
os.makedirs(folder, exist_ok=True)

def check(good, what):
    print(("ok - " if good else "not ok - ") + what)

def real_journal(way, port):
    server = subprocess.Popen([longhaul, "serve", "-p", str(port), "--dir", f"{folder}/serve"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    command = [longhaul, "run", "A", "B", "127.0.0.1", "-p", str(port), "-t", "24h", "--dir", f"{folder}/{way}"] + (["--pull"] if way == "pull" else [])
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(8)
    run.send_signal(signal.SIGTERM); run.wait()
    server.terminate(); server.wait()
    names = glob.glob(f"{folder}/{way}/*.journal")
    for name in glob.glob(f"{folder}/{way}/*.json"):
        os.unlink(name)
    return names[0]

def lengthen(path):
    """Returns bytes, packets and lost packets of the rows, and how often a row's text did not come back from its numbers."""
    lines = open(path).read().splitlines()
    rows = [line for line in lines if line.startswith('{"event":"interval"')]
    first = lines.index(rows[0])
    rest = [line for line in lines[first:] if line not in rows]  # end, session, a gap that a stop leaves
    whole = rows[1:6]
    totals = [0, 0, 0]
    unix_us, monotonic_ns = (int(re.search(rf'"{key}":(\d+)', rows[0])[1]) for key in ("unix_us", "monotonic_us"))
    with open(path, "w") as out:
        out.writelines(line + "\n" for line in lines[:first])
        for i in range(N):
            line = whole[i % len(whole)]
            row = json.loads(line)["data"]["sum"]
            for k, key in enumerate(("bytes", "packets", "lost_packets")):
                totals[k] += row.get(key, 0)
            times = {"start": i + 0.000061, "end": i + 1.000061}
            line = re.sub(r'"(start|end)":[0-9.e+-]+', lambda m: f'"{m[1]}":{times[m[1]]!r}', line)
            line = re.sub(r'"unix_us":\d+', f'"unix_us":{unix_us + i * 1000000}', line)
            line = re.sub(r'"monotonic_us":\d+', f'"monotonic_us":{monotonic_ns + i * 1000000}', line)
            out.write(line + "\n")
        out.writelines(line + "\n" for line in rest if '"event":"gap"' not in line)
    return totals

def watch(process):
    """Its peak memory (kB), seen every 5 ms: ru_maxrss would be this program's own, from before the exec. Then CPU seconds, status."""
    peak_kb = 0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return peak_kb, usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)
        with open(f"/proc/{process.pid}/status") as f:
            found = re.search(r"VmHWM:\s+(\d+)", f.read())
        peak_kb = int(found[1]) if found else peak_kb
        time.sleep(0.005)

port = int(subprocess.run([sys.executable, "tests/free_ports.py", "1"], check=True, capture_output=True, text=True).stdout)
for way in ("push", "pull"):
    journal = real_journal(way, port)
    n_bytes, packets, lost = lengthen(journal)
    size = os.path.getsize(journal)
    began = time.monotonic()
    recover = subprocess.Popen([longhaul, "recover", journal], stdout=subprocess.DEVNULL)
    peak_kb, cpu_s, status = watch(recover)
    took = time.monotonic() - began
    print(f"recover of {N} intervals, {way}: journal {size / 1e6:.1f} MB, {took:.2f} s ({cpu_s:.2f} s CPU), peak memory {peak_kb} kB")
    check(status == 0, f"a day's journal, {way}: recovered")
    check(0 < peak_kb < RSS_MAX_KB, f"a day's journal, {way}: {peak_kb} kB of memory, under {RSS_MAX_KB}")
    result = json.load(open(glob.glob(f"{folder}/{way}/*.json")[0]))
    end = result["end"]["sum"]
    check(len(result["intervals"]) == N and abs(end["end"] - N) < 1, f"a day's journal, {way}: {len(result['intervals'])} intervals to {end['end']:.1f} s")
    check((end["bytes"], end["packets"]) == (n_bytes, packets), f"a day's journal, {way}: {end['bytes']} bytes in {end['packets']} packets are the rows'")
    check(abs(result["longhaul"]["coverage"] - 1) < 1e-4, f"a day's journal, {way}: coverage {result['longhaul']['coverage']}")
    if way == "pull":
        check(end["lost_packets"] == lost, f"a day's journal, {way}: {lost} lost packets are the rows'")
