"""Search and write the file: ``python -m properties.discovery``."""

import sys

from properties.discovery.conjecture import FILE, Conjecture, written
from properties.discovery.search import search

found: list[Conjecture] = []
for one in search():
    found.append(one)
    sys.stdout.write(f"{one.configuration}: {one.words()}\n")
FILE.write_text(written(found), encoding="utf-8")
sys.stdout.write(f"{len(found)} conjectures\n")
