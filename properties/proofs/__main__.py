"""Write the index of what is proved: ``python -m properties.proofs``."""

from pathlib import Path

from properties.proofs.index import FILE, written

if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(written(), "utf-8")
