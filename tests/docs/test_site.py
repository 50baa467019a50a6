"""The documentation as a site: it builds, and its links lead somewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the site wants: pip install 'mtl-reference[docs]'")

from mtl_reference import METHODS

ROOT = Path(__file__).resolve().parents[2]


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """No page of the navigation is missing, and no link or anchor leads nowhere."""
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "index.html").is_file()
    pages = "".join(page.read_text() for page in tmp_path.glob("*.html"))
    assert "fonts.g" not in pages  # nothing is fetched from elsewhere


def test_every_method_is_in_the_table_of_methods() -> None:
    """The page of methods links each method's page, once."""
    page = (ROOT / "docs/methods.md").read_text()
    assert [name for name in METHODS if page.count(f"(methods/{name}.md)") != 1] == []
    assert page.count("](methods/") == len(METHODS)
