"""Virtual catchments to read, to damage, and a check of what errors say."""

import dataclasses
import re
import shutil
from pathlib import Path

import pytest
from rerunoff.data.virtual import write_catchments
from rerunoff.errors import InputError

SPAN = {"start": "1999-10-01", "end": "2001-09-30"}
WORDS = {"daymet": "cida", "nldas": "nldas", "nldas_extended": "nldas"}


@dataclasses.dataclass(frozen=True)
class Camels:
    """A CAMELS folder and where the files of a basin lie in it."""

    root: Path
    ids: list

    def forcing(self, basin, product="nldas_extended"):
        name = f"{basin}_lump_{WORDS.get(product, 'maurer')}_forcing_leap.txt"
        return self.root / "basin_mean_forcing" / product / basin[2:4] / name

    def streamflow(self, basin):
        name = f"{basin}_streamflow_qc.txt"
        return self.root / "usgs_streamflow" / basin[2:4] / name

    def table(self, name):
        return self.root / "camels_attributes_v2.0" / f"camels_{name}.txt"


@pytest.fixture(scope="session")
def pristine(tmp_path_factory):
    """Five virtual catchments, two years, all products; not to be changed."""
    root = tmp_path_factory.mktemp("pristine")
    return Camels(root, write_catchments(root, 5, **SPAN))


@pytest.fixture
def camels(pristine, tmp_path):
    """A copy of `pristine` that a test may damage."""
    root = tmp_path / "camels"
    shutil.copytree(pristine.root, root)
    return Camels(root, pristine.ids)


@pytest.fixture
def edit():
    """Change the lines of a text file by a function of their list."""

    def change(path, function):
        lines = path.read_text().splitlines()
        path.write_text("\n".join(function(lines)) + "\n")

    return change


@pytest.fixture
def complaint():
    """Call a function that must fail, and return the one sentence it says."""

    def message_of(function, *arguments, **options):
        with pytest.raises(InputError) as caught:
            function(*arguments, **options)
        message = str(caught.value)
        assert "\n" not in message
        assert message.endswith(".")
        assert not re.search(r"\. [A-Z]", message), f"two sentences: {message}"
        return message

    return message_of
