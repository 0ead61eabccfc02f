"""Make the environment of a conda file out of the packages of this Python.

It holds what the file pins and what that requires, each as a link to the installed
package, and nothing else. Its Python is this one, whatever version the file asks for.
"""

import collections
import csv
import importlib.metadata
import os
import sys
import sysconfig
import venv
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Names that differ between the registries.
NAMES = {
    "pytorch-gpu": "torch",
    "pytorch-cpu": "torch",
    "matplotlib-base": "matplotlib",
    "salib": "SALib",
    "snakemake-minimal": "snakemake",
}


def pins(path):
    """Return the version by name of PyPI's, as the file pins it; Python left out."""
    dependencies = yaml.safe_load(Path(path).read_text())["dependencies"]
    pinned = dict(pin.split("=") for pin in dependencies)
    return {NAMES.get(n, n): v for n, v in pinned.items() if n != "python"}


def check_versions(pinned):
    """Refuse a file that pins what is not installed."""
    for name, version in pinned.items():
        installed = importlib.metadata.version(name).split("+")[0]
        if installed != version:
            sys.exit(f"{name} {version} is pinned, but {installed} is installed.")


def closure(names):
    """Return these packages and all that they require, by canonical name."""
    found, left = {}, [Requirement(name) for name in names]
    seen = set()
    while left:
        wanted = left.pop()
        for extra in ("", *wanted.extras):
            key = canonicalize_name(wanted.name), extra
            if key in seen:
                continue
            seen.add(key)
            package = importlib.metadata.distribution(wanted.name)
            found[key[0]] = package
            for line in package.requires or ():
                needed = Requirement(line)
                if not needed.marker or needed.marker.evaluate({"extra": extra}):
                    left.append(needed)
    return found


def files_of(package):
    """Return the names of a package's files, from site-packages on."""
    # `package.files` looks for each on the disk, which takes a minute for torch.
    return [row[0] for row in csv.reader(package.read_text("RECORD").splitlines())]


def tops_of(package):
    """Return the top-level names of a package's files."""
    return {name.split("/", 1)[0] for name in files_of(package)}


def owners():
    """Return which packages have files at each top-level name of site-packages."""
    found = collections.defaultdict(set)
    for package in importlib.metadata.distributions():
        for top in tops_of(package):
            found[top].add(canonicalize_name(package.metadata["Name"]))
    return found


def linked(package, owned, chosen):
    """Yield a package's folders and files; of folders that others share, each file."""
    for top in tops_of(package) - {"__pycache__"}:
        names = [name for name in files_of(package) if name.startswith(f"{top}/")]
        if top == "..":
            # Such as the templates of nbconvert; commands would name this Python.
            yield from (name for name in names if "/share/" in name)
        elif owned[top] <= chosen or not names:
            yield top
        else:
            yield from names


def link(package, site, owned, chosen):
    """Link what a package has in site-packages into another such folder."""
    for name in linked(package, owned, chosen):
        target = Path(os.path.normpath(site / name))
        if not name.endswith(".pth") and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(package.locate_file(name))


def main(path, prefix):
    """Make the environment that a file describes in a new folder."""
    pinned = pins(path)
    check_versions(pinned)
    packages = closure(pinned)
    venv.create(prefix, symlinks=True)
    bases = {"base": prefix, "platbase": prefix}
    site = Path(sysconfig.get_path("purelib", scheme="venv", vars=bases))
    owned = owners()
    for package in packages.values():
        link(package, site, owned, set(packages))
    print(f"{path}: Python {sys.version.split()[0]}, {len(packages)} packages.")


if __name__ == "__main__":
    main(*sys.argv[1:])
