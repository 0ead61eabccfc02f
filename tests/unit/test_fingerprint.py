"""The fingerprint of code: blind to comments, not to logic."""

import re
from pathlib import Path

import pytest
from rerunoff.errors import InputError
from rerunoff.fingerprint import fingerprint

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow_scripts"

FILES = {
    "job.py": '''
"""A job."""
from rerunoff import checks
from rerunoff.data import readers

def main():
    """Do it."""
    return readers.read()
''',
    "rerunoff/__init__.py": '"""The package."""\n__version__ = "1.0"\n',
    "rerunoff/data/__init__.py": '"""Data."""\n',
    "rerunoff/data/readers.py": '''
"""Read."""
import rerunoff.units

FACTOR = 2

class Reader:
    """Reads."""

    def scale(self):
        """Scale."""
        return FACTOR

def read():
    from rerunoff.late import LIMIT  # late: the import takes long

    return min(LIMIT, Reader().scale())
''',
    "rerunoff/units.py": "FOOT = 0.3048\n",
    "rerunoff/late.py": "LIMIT = 5\n",
    "rerunoff/settings.py": '''
"""Values."""
import dataclasses

@dataclasses.dataclass
class Settings:
    """Of a run."""

    epochs: int

    def last(self):
        return self.epochs - 1
''',
    "rerunoff/checks.py": '''
"""Checks."""
import logging

from rerunoff.settings import Settings

_log = logging.getLogger(__name__)

def check(number, path):
    if number < 0:
        message = f"{path}: negative."
        raise InputError(message)
    if number > 9:
        raise InputError(f"{path}: too large; divide it.")
    if number == 5:
        _log.info("five, of all numbers")
    kind = "odd" if number % 2 else "even"
    name = "small"
    return name, kind

def choose():
    global CHOICE
    CHOICE = "one"
''',
    "rerunoff/models/__init__.py": '"""Found by name."""\n',
    "rerunoff/models/lstm.py": "class Network:\n    size = 1\n",
    "rerunoff/models/rnn.py": "class Network:\n    size = 2\n",
    "rerunoff/other.py": "NUMBER = 1\n",
}


@pytest.fixture
def print_of(tmp_path):
    """Fingerprint the job of a fresh copy of FILES, one of them edited."""
    folders = iter(range(10))

    def edited(path=None, old="", new="", modules=()):
        root = tmp_path / str(next(folders))
        for name, text in FILES.items():
            if name == path:
                assert old in text
                text = text.replace(old, new)
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return fingerprint("job.py", root, modules)

    return edited


def test_fingerprint_does_not_depend_on_the_folder(print_of):
    assert print_of() == print_of()
    assert len(print_of()) == 16


READERS = "rerunoff/data/readers.py"
CHECKS = "rerunoff/checks.py"
SETTINGS = "rerunoff/settings.py"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (READERS, "FACTOR = 2\n", "# why\nFACTOR = 2  # two\n"),
        (READERS, '"""Read."""', '"""Read the files."""'),
        (READERS, '    """Reads."""\n', ""),
        (
            READERS,
            '        """Scale."""\n',
            '        """Scale.\n\n        Well.\n        """\n',
        ),
        (READERS, "\n\nclass", "\n\n\n\n\nclass"),
        (
            READERS,
            "min(LIMIT, Reader().scale())",
            "min(\n        LIMIT, Reader().scale()\n    )",
        ),
        ("job.py", '"""A job."""\n', ""),
        ("job.py", '    """Do it."""\n', '    """Do that."""\n\n'),
        ("rerunoff/other.py", "1", "2"),
        ("rerunoff/__init__.py", "1.0", "2.0"),
        ("rerunoff/data/__init__.py", "Data", "All data"),
        (CHECKS, "negative", "below zero"),
        (CHECKS, "too large; divide it", "too large: {number}"),
        (CHECKS, '"five, of all numbers"', '"the number %d", number'),
        (CHECKS, '        _log.info("five, of all numbers")\n', "        pass\n"),
        (SETTINGS, "    epochs: int\n", "    epochs: int\n    rate: float = 1.0\n"),
        ("rerunoff/models/lstm.py", "size = 1", "size = 3"),
    ],
    ids=[
        "comment",
        "docstring of a module",
        "docstring of a class removed",
        "docstring of a method",
        "blank lines",
        "line break in an expression",
        "docstring of the script",
        "docstring in the script",
        "module that is not imported",
        "version of the package",
        "docstring of a sub-package",
        "text of an error that has a name",
        "text of an error",
        "text of a message",
        "message",
        "new setting",
        "model that is not named",
    ],
)
def test_what_changes_no_result_keeps_the_fingerprint(print_of, path, old, new):
    assert print_of(path, old, new) == print_of()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("job.py", "readers.read()", "2 * readers.read()"),
        (READERS, "FACTOR = 2", "FACTOR = 3"),
        (READERS, "min(", "max("),
        ("rerunoff/units.py", "0.3048", "0.3049"),
        ("rerunoff/late.py", "5", "6"),
        ("rerunoff/data/__init__.py", "\n", "\nSWITCH = True\n"),
        (CHECKS, "number < 0", "number < 1"),
        (CHECKS, "raise InputError(message)", "return message"),
        (CHECKS, '"small"', '"little"'),
        (CHECKS, '"odd"', '"uneven"'),
        (CHECKS, '"one"', '"two"'),
        (SETTINGS, "- 1", "- 2"),
    ],
    ids=[
        "script",
        "constant of an imported module",
        "call in an imported module",
        "module imported by an imported one",
        "module imported in a function",
        "sub-package",
        "condition of an error",
        "message that is returned",
        "text that is returned",
        "text among others",
        "text of a global name",
        "method of settings",
    ],
)
def test_what_may_change_a_result_changes_the_fingerprint(print_of, path, old, new):
    assert print_of(path, old, new) != print_of()


def test_string_that_is_no_docstring_counts(print_of):
    old, new = "FACTOR = 2", 'FACTOR = "two"'
    assert print_of(READERS, old, new) != print_of(READERS, old, 'FACTOR = "three"')


def test_module_that_is_named_counts_and_its_neighbours_do_not(print_of):
    lstm = "rerunoff/models/lstm.py"
    before = print_of(modules=["models.lstm"])
    assert before != print_of()
    assert print_of(lstm, "1", "3", modules=["models.lstm"]) != before
    assert (
        print_of("rerunoff/models/rnn.py", "2", "3", modules=["models.lstm"]) == before
    )


def test_named_module_must_be_there(print_of):
    with pytest.raises(InputError, match=r"rerunoff/models/gru\.py: there is no such"):
        print_of(modules=["models.gru"])


def test_every_logger_has_the_name_that_the_fingerprint_knows():
    """A call of any other would count as logic."""
    loggers = re.compile(r"^(\w+) = logging\.getLogger", re.MULTILINE)
    texts = [path.read_text() for path in SCRIPTS.rglob("*.py")]
    assert {name for text in texts for name in loggers.findall(text)} == {"_log"}
