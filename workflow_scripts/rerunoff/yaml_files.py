"""YAML files whose keys stand there once.

Apart from `files.read_yaml`, because a change of that file reruns all trainings.
"""

import functools
from pathlib import Path

import yaml

from rerunoff import files
from rerunoff.errors import InputError


def read_yaml(path):
    """Read a YAML file, of which YAML itself would take the last of two equal keys.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    InputError
        If it is missing or no YAML, or a key stands twice in one mapping.
    """
    values = files.read_yaml(path)
    _refuse_twice(str(path))
    return values


@functools.cache
def _refuse_twice(path):
    """Raise on the first key that stands twice."""
    root = yaml.compose(Path(path).read_text(encoding="utf-8"), yaml.SafeLoader)
    todo, done = [root] if root else [], set()
    while todo:
        node = todo.pop()
        if id(node) in done:  # an alias
            continue
        done.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            todo.extend(value for _, value in node.value)
            _refuse_equal(path, [key for key, _ in node.value])


def _refuse_equal(path, keys):
    """Raise on the first key of a mapping that equals an earlier one."""
    seen = {}
    for key in keys:
        name, line = (key.tag, str(key.value)), key.start_mark.line + 1
        if name in seen:
            raise InputError(
                f"{path}, line {line}: the key {key.value} stands in line "
                f"{seen[name]}, too; remove one of the two."
            )
        seen[name] = line
