"""sample.py BED EVERY_S FILE: what longhaul's processes of this bed use, every EVERY_S seconds, until it is stopped. A line for each:
time of day, id, when it began (ticks), role (run, run-child, serve, serve-child), RSS (kB), descriptors, CPU (s)."""
import os, sys, time

bed, every_s, path = sys.argv[1], float(sys.argv[2]), sys.argv[3]
TICK, PAGE_KB = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE") // 1024
ours = f"LONGHAUL_BED={bed}".encode()
known = {}

def read(path):
    with open(path, "rb") as f:
        return f.read()

def stat_of(pid):
    """name, and the fields from the state on"""
    text = read(f"/proc/{pid}/stat").decode(errors="replace")
    return text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()

def role_of(pid, is_child):
    if ours not in read(f"/proc/{pid}/environ").split(b"\0"):
        return None
    name = read(f"/proc/{pid}/cmdline").split(b"\0")[1].decode()
    return name + ("-child" if is_child else "")

with open(path, "w", buffering=1) as out:
    while True:
        now = time.time()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                name, fields = stat_of(pid)
                if name not in ("longhaul", "longhaul-engine") or fields[0] == "Z":
                    continue
                key = (pid, fields[19])
                if key not in known:
                    known[key] = role_of(pid, name != "longhaul")
                if known[key]:
                    rss_kb = int(read(f"/proc/{pid}/statm").split()[1]) * PAGE_KB
                    cpu_s = (int(fields[11]) + int(fields[12])) / TICK
                    print(f"{now:.2f} {pid} {fields[19]} {known[key]} {rss_kb} {len(os.listdir(f'/proc/{pid}/fd'))} {cpu_s:.2f}", file=out)
            except (OSError, IndexError, ValueError):
                known.pop((pid, ""), None)  # gone meanwhile
        time.sleep(max(0.1, every_s - (time.time() - now)))
