"""A simulation takes no more memory the longer it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rerunoff.models import build_model
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import save_weights
from unit.stores import BASINS, INPUTS, make_series
from unit.stores import settings as run_settings

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow_scripts"
BATCH, LENGTH = 1024, 270  # windows simulated at once, and their days
SCALER = Scaler([3.0, 2.0, 11.0], [6.0, 7.0, 7.0], 3.0, 2.0, [], [])
# The rule's job, several times: its allocator and its peak are those of a process.
JOB = """
import json, re, sys
from pathlib import Path
from simulate_member import main

weights, store, listed, output, *periods = json.loads(sys.argv[1])
for period in periods:
    main(
        weights=[weights],
        store=store,
        basin_list=listed,
        period=period,
        held_out_attributes=None,
        simulation="windows",
        device="cpu",
        float32_precision="exact",
        threads=1,
        output=output,
    )
    print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_peak_does_not_grow_with_the_number_of_batches(tmp_path):
    basins = [*BASINS, "12010000"]
    series = make_series("1970-01-01", "2007-12-31", basins)
    store = series.write(tmp_path / "store.h5")
    listed = tmp_path / "basins.txt"
    listed.write_text("\n".join(basins) + "\n")
    network = {"layers": 1, "layer_dropout": 0.0, "hidden_size": 64}
    network["sequence_length"] = LENGTH
    settings = run_settings("all", "all", None, model=network)
    model = build_model(settings.model, len(INPUTS), 0)
    save_weights(tmp_path / "model.pt", model, settings, SCALER)
    first = series.dates[LENGTH]
    # Whole batches, because a last one of another size needs buffers of its own.
    lengths = [batches * BATCH // len(basins) for batches in (4, 12, 36)]
    periods = [[str(first), str(first + length - 1)] for length in lengths]
    paths = [tmp_path / "model.pt", store, listed, tmp_path / "s.nc"]
    done = subprocess.run(
        [sys.executable, "-c", JOB, json.dumps([*map(str, paths), *periods])],
        env={"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    # The first job also loads what writes the file.
    _, few, many = map(int, done.stdout.split())
    assert many < 1.1 * few
