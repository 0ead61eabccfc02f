"""A fingerprint of the code that makes a result, blind to comments and messages.

Rules pass it as `params.code`: a change of logic reruns what it affects, a changed
comment, docstring or message reruns nothing (ARCHITECTURE.md, "What reruns what").
"""

import ast
import functools
import hashlib
from pathlib import Path

from rerunoff.errors import InputError

_PACKAGE = "rerunoff"
# How a job logs, tells its progress and ends, how it learns where to compute, and what
# it writes of its own making changes no result.
_NO_LOGIC = ("errors.py", "jobs.py", "progress.py", "provenance.py")
# Its fields are values that rules pass beside the fingerprint.
_SETTINGS = "settings.py"
# Beside a module of the same name, which fills it in.
_TEMPLATE = ".html.j2"
_LOGGER = "_log"


def fingerprint(script, root, modules=()):
    """Fingerprint a script, every module that it imports, and some found by name.

    A module's template, beside it and of its name, counts as its code.

    Parameters
    ----------
    script : str
        Path of the script, relative to `root`.
    root : str
        The folder that holds the scripts and the package.
    modules : sequence of str
        What the job takes out of a folder by its name, because no import shows it:
        dotted, below the package, e.g. ``models.lstm``.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    root = Path(root)
    digest = hashlib.sha256()
    for path in sorted(closure(root / script, root, modules)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(_read(path, root)[1].encode())
        if path.with_suffix(_TEMPLATE).is_file():
            digest.update(path.with_suffix(_TEMPLATE).read_bytes())
    return digest.hexdigest()[:16]


def closure(start, root, modules=()):
    """Return `start`, `modules`, and all package files reachable by imports.

    Raises
    ------
    InputError
        If there is no file of a module.
    """
    seen, todo = set(), [start]
    for module in modules:
        files = list(_files(f"{_PACKAGE}.{module}", root))
        if not files or files[-1].stem != module.split(".")[-1]:
            path = root.joinpath(_PACKAGE, *module.split(".")).with_suffix(".py")
            raise InputError(
                f"{path}: there is no such file, but the configuration or a rule names "
                f"{module}; write it, or correct the name."
            )
        todo.extend(files)
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo.extend(_read(path, root)[0])
    return seen


@functools.cache
def _read(path, root):
    """Return the package files that a file imports, and its code without messages."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    # First, because the next step changes the tree.
    imports = list(_imports(tree, root))
    tree = _WithoutMessages(fields=path.name != _SETTINGS).visit(tree)
    # Unparsed, because the dump of a tree differs between versions of Python.
    return imports, ast.unparse(ast.fix_missing_locations(tree))


def _imports(tree, root):
    """Yield the package files that code imports, at any depth."""
    for node in ast.walk(tree):
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


class _WithoutMessages(ast.NodeTransformer):
    """Drops docstrings, calls of loggers, the texts of errors and names for them.

    Parameters
    ----------
    fields : bool
        Whether the annotated names of classes stay.
    """

    def __init__(self, fields):
        self._fields = fields

    def visit_Expr(self, node):
        """Drop strings, which are docstrings, and calls of loggers."""
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            owner = value.func.value
            if isinstance(owner, ast.Name) and owner.id == _LOGGER:
                return None
        return self.generic_visit(node)

    def visit_Raise(self, node):
        """Drop the sentence of an InputError, and what it comes from."""
        call = node.exc
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "InputError":
            node.exc, node.cause = ast.Call(call.func, [], []), None
        return node

    def visit_ClassDef(self, node):
        """Drop the fields of settings."""
        node = self._filled(self.generic_visit(node))
        if not self._fields:
            kept = [item for item in node.body if not isinstance(item, ast.AnnAssign)]
            node.body = kept or [ast.Pass()]
        return node

    def visit_FunctionDef(self, node):
        """Drop texts whose only use was a message."""
        node = self.generic_visit(node)
        used = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                used.add(part.id)
            elif isinstance(part, (ast.Global, ast.Nonlocal)):
                # Names of an outer block are read elsewhere.
                used.update(part.names)
        return self._filled(_WithoutTexts(used).visit(node))

    def generic_visit(self, node):
        """Visit what is inside; a block that is left empty keeps a `pass`."""
        return self._filled(super().generic_visit(node))

    @staticmethod
    def _filled(node):
        if getattr(node, "body", None) == []:
            node.body = [ast.Pass()]
        return node


class _WithoutTexts(ast.NodeTransformer):
    """Drops assignments of texts to names that are not among the used ones."""

    def __init__(self, used):
        self._used = used

    def visit_Assign(self, node):
        """Drop the assignment if all that it does is to name a text."""
        text = isinstance(node.value, ast.JoinedStr) or (
            isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        unused = len(names) == len(node.targets) and not set(names) & self._used
        return None if text and unused else node

    def generic_visit(self, node):
        """Visit what is inside; a block that is left empty keeps a `pass`."""
        return _WithoutMessages._filled(super().generic_visit(node))
