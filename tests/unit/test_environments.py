"""The conda environments pin the versions that requirements.txt pins."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# Names that differ between the registries.
NAMES = {
    "pytorch-gpu": "torch",
    "pytorch-cpu": "torch",
    "matplotlib-base": "matplotlib",
    "snakemake-minimal": "snakemake",
}
FILES = [*sorted((ROOT / "envs").glob("*.yaml")), ROOT / "environment.yaml"]


def requirements():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {name: version for name, version in pins}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_same_versions(path):
    environment = yaml.safe_load(path.read_text())
    assert environment["channels"][0] == "conda-forge"
    assert environment["channels"][-1] == "nodefaults"
    pins = dict(pin.split("=") for pin in environment["dependencies"])
    assert pins.pop("python") == "3.11"
    pinned = requirements()
    assert {NAMES.get(n, n): v for n, v in pins.items()}.items() <= pinned.items()


def test_every_environment_is_used_and_exists():
    named = set()
    for path in (ROOT / "rules").glob("*.smk"):
        words = path.read_text().replace('"', " ").split()
        named |= {Path(word).name for word in words if word.startswith("../envs/")}
    assert named == {path.name for path in (ROOT / "envs").glob("*.yaml")}
