"""A fingerprint of the code that makes a result, blind to comments.

Rules pass it as `params.code`: a change of logic reruns what it affects, a changed
comment or docstring reruns nothing (ARCHITECTURE.md, "What reruns what").
"""

import ast
import functools
import hashlib
from pathlib import Path

_PACKAGE = "rerunoff"
# How a job logs and ends, and how it learns where to compute, changes no result.
_NO_LOGIC = ("errors.py", "jobs.py")


def fingerprint(script, root):
    """Fingerprint a script and every module of the package it imports.

    Parameters
    ----------
    script : str
        Path of the script, relative to `root`.
    root : str
        The folder that holds the scripts and the package.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    root = Path(root)
    digest = hashlib.sha256()
    for path in sorted(closure(root / script, root)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(_logic(path).encode())
    return digest.hexdigest()[:16]


def closure(start, root):
    """Return `start` and all package files reachable from it by imports."""
    seen, todo = set(), [start]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo.extend(_imports(path, root))
    return seen


@functools.cache
def _parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _imports(path, root):
    """Yield the package files that `path` imports, at any depth of its code."""
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module] + [f"{node.module}.{a.name}" for a in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == _PACKAGE:
                yield from _files(name, root)


def _files(module, root):
    """Yield the files of a dotted module and its sub-packages.

    The root package is left out: it holds the version, and a new version alone
    changes no result.
    """
    parts = module.split(".")
    for depth in range(2, len(parts) + 1):
        stem = root.joinpath(*parts[:depth])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file() and path.name not in _NO_LOGIC:
                yield path


@functools.cache
def _logic(path):
    """Return the syntax tree of a file as text, without docstrings."""
    tree = _parse(path)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
            and isinstance(body[0].value.value, str)
        ):
            body.pop(0)
    # Unparsed, for the dump of a tree differs between versions of Python.
    return ast.unparse(tree)
