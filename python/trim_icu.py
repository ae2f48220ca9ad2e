#!/usr/bin/env python3
"""Writes Foundation's ICU library with the data of English alone, which compresses to a third.

usage: trim_icu.py lib_FoundationICU.so OUT

The library holds its data as one table of named items (ICU: "common data", tools/toolutil/package.cpp). The
items of other languages, of encodings of the last century and of transliteration leave the table, where ICU then finds
that they are missing and takes those of its root, and their bytes become zeros. Nothing moves.
"""
import re
import struct
import sys

# Header: size, magic, size of what follows, byte order and characters, format.
MAGIC = b"\xda\x27\x14\x00\x00\x00\x00\x00\x02\x00CmnD"

LOCALE = re.compile(r"(?!en(_|\.)|root|pool)[a-z]{2,3}(_\w+)?\.res")


def dropped(name):
    """Whether an item is left out, by its path below the name of the data."""
    folder, _, file = name.rpartition("/")
    return (
        file.endswith((".cnv", ".dict")) or folder == "translit" or file == "unames.icu"
        or LOCALE.fullmatch(file) is not None)


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        data = bytearray(file.read())
    start = data.index(MAGIC) - 2
    table = start + struct.unpack_from("<H", data, start)[0]
    count = struct.unpack_from("<I", data, table)[0]
    entries = [struct.unpack_from("<II", data, table + 4 + 8 * index) for index in range(count)]
    kept = []
    for index, (name_at, item_at) in enumerate(entries):
        name = data[table + name_at : data.index(b"\0", table + name_at)].decode().partition("/")[2]
        # The last item has no next one to end it; it is a language.
        end = entries[index + 1][1] if index + 1 < count else item_at
        if dropped(name):
            data[table + item_at : table + end] = bytes(end - item_at)
        else:
            kept.append((name_at, item_at))
    struct.pack_into("<I", data, table, len(kept))
    for index, entry in enumerate(kept):
        struct.pack_into("<II", data, table + 4 + 8 * index, *entry)
    with open(target, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
