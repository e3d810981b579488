"""rooms.py ROOMS LIB OBJECTS - prints violations of lib/ROOMS: each file that includes, or calls, what its room may not use; each
circle of files that include or call each other, which cannot be read one at a time. First line: the counts."""
import collections
import glob
import os
import re
import subprocess
import sys

rooms_file, lib, objects = sys.argv[1:]
rooms = {}
for line in open(rooms_file):
    if not line.startswith("#"):
        name, uses, purpose = re.fullmatch(r"(\w+)\s+(-|\w+(?: \w+)*)\s{2,}(.+)\n", line).groups()
        rooms[name] = set() if uses == "-" else set(uses.split())
problems = [f"ROOMS: {room} may use {u}, which does not stand above it" for i, room in enumerate(rooms) for u in rooms[room] if u not in list(rooms)[:i]]
problems += [f"ROOMS: no room {d}" for d in sorted(os.listdir(lib)) if os.path.isdir(f"{lib}/{d}") and d not in rooms]
problems += [f"{f}: in no room" for f in sorted(glob.glob(f"{lib}/*.[ch]"))]

uses = collections.defaultdict(set)  # file -> {(file, by)}
files = {os.path.relpath(path, lib) for path in glob.glob(f"{lib}/*/*.[ch]")}
for file in files:
    for used in re.findall(r'^#include "(\w+/\w+\.h)"', open(f"{lib}/{file}").read(), re.M):
        uses[file].add((used, "includes"))
home, wanted = {}, []
symbols = subprocess.run(["nm", "-A", *glob.glob(f"{objects}/*/*.o")], capture_output=True, text=True, check=True).stdout
for line in symbols.splitlines():
    path, _, rest = line.partition(".o:")
    *_, kind, symbol = rest.split()
    file = os.path.relpath(path, objects) + ".c"
    if kind == "U":
        wanted.append((file, symbol))
    elif kind in "TDRBV":
        home[symbol] = file
for file, symbol in wanted:
    if home.get(symbol, file) != file:
        uses[file].add((home[symbol], symbol))

arrows = set()
for file in sorted(uses):
    room = file.split("/")[0]
    for used, by in sorted(uses[file]):
        there = used.split("/")[0]
        if there != room:
            arrows.add((room, there))
            if there not in rooms.get(room, ()):
                problems.append(f"{file} -> {used} ({by})")

# Circles: Tarjan's strongly connected components.
index, low, stack, circles = {}, {}, [], []
sys.setrecursionlimit(10000)


def visit(file):
    index[file] = low[file] = len(index)
    stack.append(file)
    for used in {u for u, _ in uses[file] if u != file}:
        if used not in index:
            visit(used)
            low[file] = min(low[file], low[used])
        elif used in stack:
            low[file] = min(low[file], index[used])
    if low[file] == index[file]:
        members = []
        while members[-1:] != [file]:
            members.append(stack.pop())
        if len(members) > 1:
            circles.append(sorted(members))


for file in sorted(files):
    if file not in index:
        visit(file)
print(f"{len(rooms)} rooms, {len(files)} files, {len(arrows)} arrows between rooms, {len(problems)} where none may be, {len(circles)} circles")
for problem in problems:
    print(problem)
for members in circles:
    print("circle: " + " ".join(members))
    for file in members:
        print("   ", file, "->", ", ".join(f"{u} ({by})" for u, by in sorted(uses[file]) if u in members and u != file))
