"""The conda environments pin the versions that requirements.txt pins."""

import ast
import getpass
import pwd
import re
import sys
from pathlib import Path

import pytest
import yaml
from rerunoff.fingerprint import closure
from workflow.conda.create_environment import pins

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
# Shyft's differs: test_shyft_has_the_versions_of_its_own_requirements.
FILES = [path for path in ENVIRONMENTS if path.stem != "shyft"]
FILES.append(ROOT / "environment.yaml")


def requirements(path="requirements.txt"):
    lines = (ROOT / path).read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {name: version for name, version in pins}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_same_versions(path):
    environment = yaml.safe_load(path.read_text())
    # Conda since 26.7 refuses nodefaults; what is named here suffices.
    bioconda = ["bioconda"] if path.stem == "environment" else []
    assert environment["channels"] == ["conda-forge", *bioconda]
    # Snakemake 9.27 runs on 3.11, too, and so do these pins.
    assert "python=3.12" in environment["dependencies"]
    assert pins(path).items() <= requirements().items()


def test_shyft_has_the_versions_of_its_own_requirements():
    environment = yaml.safe_load((ROOT / "envs" / "shyft.yaml").read_text())
    assert environment["channels"] == ["conda-forge"]
    *by_conda, by_pip = environment["dependencies"]
    # Shyft 13.0.3 has a wheel for 3.11, which asks for OpenSSL 1.1.
    assert {"python=3.11", "openssl=1.1.1", "pip"} <= set(by_conda)
    wanted = requirements("envs/requirements-shyft.txt")
    assert by_pip == {"pip": [f"{name}=={value}" for name, value in wanted.items()]}
    assert wanted.pop("shyft") == "13.0.3"
    assert wanted.pop("numpy").startswith("1.")
    assert wanted.items() <= requirements().items()


def test_every_environment_is_used_and_exists():
    named = set()
    for path in (ROOT / "rules").rglob("*.smk"):
        words = path.read_text().replace('"', " ").split()
        named |= {Path(word).name for word in words if "envs/" in word}
    assert named == {path.name for path in ENVIRONMENTS}


# Import names that differ from the package's.
IMPORTS = {"pyyaml": "yaml", "pytorch-gpu": "torch", "pytorch-cpu": "torch"}
IMPORTS["matplotlib-base"] = "matplotlib"
IMPORTS["scikit-learn"] = "sklearn"
IMPORTS |= {"umap-learn": "umap", "salib": "SALib"}


# What the rules that need torch, or Shyft, say instead of a file.
TRAIN_ENV = '"../envs/train.yaml" "../envs/train_cpu.yaml"'
SHYFT_ENV = '"../envs/shyft.yaml" "../envs/data.yaml"'


def scripts_and_environments():
    """Return every rule's script with the environments that it may run in."""
    pairs = set()
    for path in (ROOT / "rules").rglob("*.smk"):
        text = path.read_text().replace("TRAIN_ENV", TRAIN_ENV)
        text = text.replace("SHYFT_ENV", SHYFT_ENV)
        for rule in re.split(r"\n *rule ", text)[1:]:
            # A paper's target has none.
            for script in re.findall(r'"[./]+/workflow_scripts/(\w+\.py)"', rule)[:1]:
                environments = re.findall(r"/envs/(\w+)\.yaml", rule)
                pairs |= {(script, name) for name in environments}
    return sorted(pairs)


def found_by_name(script):
    """Return the modules of the folders out of which a script takes one by its name."""
    package = script.parent / "rerunoff"
    folders = [path.parent for path in closure(script, script.parent)]
    registries = ("models", "training/losses", "data/readers")
    return [
        ".".join((*folder.split("/"), path.stem))
        for folder in registries
        if package / folder in folders
        for path in (package / folder).glob("[a-z]*.py")
    ]


@pytest.mark.parametrize(("script", "environment"), scripts_and_environments())
def test_environment_has_what_the_script_imports(script, environment):
    text = (ROOT / "envs" / f"{environment}.yaml").read_text()
    pins = yaml.safe_load(text)["dependencies"]
    if isinstance(pins[-1], dict):
        pins[-1:] = pins[-1]["pip"]
    named = [pin.split("=")[0] for pin in pins]
    known = {IMPORTS.get(name, name) for name in named} | sys.stdlib_module_names
    scripts = ROOT / "workflow_scripts"
    for path in closure(scripts / script, scripts, found_by_name(scripts / script)):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module]
            for module in modules:
                assert module.split(".")[0] in known | {"rerunoff"}, (path, module)


def test_there_are_scripts_to_check():
    assert len(scripts_and_environments()) > 12
    trained = found_by_name(ROOT / "workflow_scripts/train_run.py")
    assert {"models.ealstm", "training.losses.nse"} <= set(trained)


def test_user_whom_the_image_does_not_know_has_a_name(monkeypatch):
    """Snakemake asks for it; `docker run --user` names a number only."""

    def unknown(number):
        raise KeyError(f"getpwuid(): uid not found: {number}")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    text = (ROOT / "Dockerfile").read_text()
    for name, value in re.findall(r"(?:^ENV| )(\w+)=(\S+)", text, re.MULTILINE):
        monkeypatch.setenv(name, value)
    assert getpass.getuser() == "rerunoff"
