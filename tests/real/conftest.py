"""The papers' own inputs, unpacked once for all tests of a session."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def camels_full(tmp_path_factory):
    """Return a folder in CAMELS layout: Maurer extended and discharge of 531 basins."""
    packs = Path(os.environ.get("RERUNOFF_DATA") or "/not/set", "camels_us_full")
    if not packs.is_dir():
        pytest.skip("RERUNOFF_DATA names no folder with camels_us_full")
    root = tmp_path_factory.mktemp("camels_full")
    products = ("maurer_extended", "usgs_streamflow")
    command = [sys.executable, packs / "unpack", root, *products]
    subprocess.run(command, check=True, capture_output=True)
    return root
