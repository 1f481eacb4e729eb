"""What is handed on speaks of the product alone: no path of one machine, no host of one package registry."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# One letter stands in brackets, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:hom[e]|roo[t]|User[s]|wor[k])/\w")
REGISTRIES = re.compile(r'registr[y]\.\w+\.\w+/|pythonhoste[d]\.org|py[p]i\.org|"resolve[d]": "http')


def tracked_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        try:
            found.append((name, (ROOT / name).read_text()))
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return found


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["machine paths", "registry hosts"])
def test_tracked_files_name_no(pattern):
    found = [f"{name}: {match.group()}" for name, text in tracked_texts() for match in pattern.finditer(text)]
    assert not found


def test_translations_and_assets_are_built_and_never_committed():
    names = [name for name, _ in tracked_texts()]
    assert not [name for name in names if name.endswith(".mo") or name.startswith(("static/dist/", "var/"))]
