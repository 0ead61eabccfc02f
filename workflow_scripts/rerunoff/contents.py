"""What given data contain, whatever their path: the key by which a run knows them.

Snakemake would take a folder that was moved, or mounted elsewhere, for other data.
"""

import hashlib
import json
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import write_text


def content_of(root, parts, known_file):
    """Return a checksum of names and contents of files below a folder.

    Parameters
    ----------
    root : str or Path
    parts : sequence of str
        Folders and files below `root`. Hidden files do not count, and neither do parts
        that are missing.
    known_file : str or Path
        Checksums of earlier calls by name, size and time of each file, so that a file
        is read again only if one of them is another. Kept up to date where the folder
        can be written.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    known = _read(known_file)
    facts = {}
    for name, path in sorted(_files(Path(root), parts)):
        status = path.stat()
        stamp = [status.st_size, status.st_mtime_ns]
        seen = known.get(name)
        facts[name] = seen if seen and seen[:2] == stamp else [*stamp, _sha256(path)]
    if any(known.get(name) != fact for name, fact in facts.items()):
        _write(known_file, known | facts)
    listed = [(name, fact[2]) for name, fact in facts.items()]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]


def _files(root, parts):
    """Yield name below the root, and path, of each file."""
    for part in map(root.joinpath, parts):
        for path in part.rglob("*") if part.is_dir() else [part]:
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path):
    # Lost or damaged, it costs a second reading of the data.
    try:
        known = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        known = {}
    pairs = known.items() if isinstance(known, dict) else ()
    return {name: fact for name, fact in pairs if _is_fact(fact)}


def _is_fact(value):
    """Whether a value is size, time and checksum of a file."""
    kinds = [type(part) for part in value] if isinstance(value, list) else []
    return kinds == [int, int, str]


def _write(path, known):
    try:
        write_text(path, json.dumps(known))
    except (InputError, OSError):  # known sums only save time
        return
