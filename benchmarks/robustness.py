"""Cost of simulations with noise on the attributes, and continuous against windows.

    python benchmarks/robustness.py --weights model.pt --store STORE --basins LIST

Processor seconds of one simulation of ten years, on one thread: plain evaluation with
windows, and the two ways of `analysis.draws`, in turns on the same basins; the medians
of some rounds. Then, unless --skip-difference is given, NSE of the two ways on more
basins with the same noise. With --hidden-size a network of another size with random
weights takes the place of the one given, of which the cost alone is told.
"""

import argparse
import dataclasses
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

from rerunoff.training.allocator import keep_buffers  # noqa: E402

keep_buffers()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from rerunoff.analysis.draws import simulate_draws  # noqa: E402
from rerunoff.analysis.robustness import (  # noqa: E402
    Noise,
    Where,
    perturb_attributes,
)
from rerunoff.data.basin_lists import read_basin_list  # noqa: E402
from rerunoff.data.store import read_store  # noqa: E402
from rerunoff.evaluation.simulate import simulate  # noqa: E402
from rerunoff.models import build_model  # noqa: E402
from rerunoff.training.device import make_deterministic  # noqa: E402
from rerunoff.training.weights import load_weights  # noqa: E402

CPU = torch.device("cpu")
PERIODS = {"train": ("1999-10-01", "2008-09-30"), "test": ("1989-10-01", "1999-09-30")}
# Of the paper: 50 draws of ten levels and one without noise.
DRAWS = 501
SIMULATIONS = 531 * DRAWS


def seconds(function, simulations):
    """Return the processor seconds of one of the simulations that a call makes."""
    begun = time.process_time()
    function()
    return (time.process_time() - begun) / simulations


def larger(trained, hidden_size):
    """Return an untrained network of another size, with settings to match."""
    settings = trained.settings
    model = dataclasses.replace(settings.model, hidden_size=hidden_size)
    sizes = len(settings.inputs), len(settings.attributes)
    built = build_model(model, *sizes).eval()
    settings = dataclasses.replace(settings, model=model)
    return dataclasses.replace(trained, model=built, settings=settings)


def costs(trained, catchments, rounds, few):
    """Print the cost of a simulation: plain, and with what draws share done once."""
    settings, days = trained.settings, catchments.days(PERIODS["test"])
    length = settings.model.sequence_length
    first = days.start - length + 1
    seen = trained.scaler.inputs(catchments.inputs[:, first : days.stop])
    own = torch.from_numpy(trained.scaler.attributes(catchments.attributes))
    torch.manual_seed(1)
    kind = settings.model.kind

    def drawn(way, number):
        for row, attributes in enumerate(own):
            several = attributes + 0.3 * torch.randn(number, len(attributes))
            forcing = torch.from_numpy(seen[row])
            simulate_draws(trained.model, kind, forcing, several, length, way)

    count = len(own)
    ways = {
        "plain": lambda: simulate(trained, catchments, days, CPU),
        "windows": lambda: drawn("windows", few),
        "continuous": lambda: drawn("continuous", DRAWS),
    }
    sizes = {"plain": count, "windows": count * few, "continuous": count * DRAWS}
    found = {way: [] for way in ways}
    for _ in range(rounds):
        for way, function in ways.items():
            found[way].append(seconds(function, sizes[way]))
    plain = statistics.median(found["plain"])
    print(f"{kind}, hidden {settings.model.hidden_size}, {count} basins")
    for way, each in found.items():
        took = statistics.median(each)
        print(
            f"  {way:<10} {took:.5f} s ({min(each):.5f} to {max(each):.5f}), plain / "
            f"this {plain / took:.2f}, {SIMULATIONS * took / 3600:.1f} h for the paper"
        )


def difference(options, basins):
    """Print NSE of the two ways with the same noise."""
    noise = Noise((0.0, 0.5, 1.0), options.draws, options.seed)
    values = {}
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "basins.txt")
        listed.write_text("\n".join(basins) + "\n")
        for way in ("windows", "continuous"):
            where = Where("cpu", "exact", 1, Path(folder, way), "")
            given = options.weights, options.store, listed, PERIODS, noise
            _, values[way] = perturb_attributes(*given, way, where)
    counts = np.cumsum(noise.counts())[:-1]
    levels = {way: np.split(found, counts, axis=1) for way, found in values.items()}
    print(f"continuous - windows, {len(basins)} basins")
    for number, level in enumerate(noise.levels):
        windows, continuous = (levels[way][number] for way in levels)
        off = continuous - windows
        print(
            f"  level {level}: median NSE {np.median(windows):.4f} (windows) "
            f"{np.median(continuous):.4f}, mean {windows.mean():.4f} "
            f"{continuous.mean():.4f}; difference median {np.median(off):+.4f}, "
            f"mean {off.mean():+.4f}, 5 to 95 % {np.percentile(off, 5):+.4f} to "
            f"{np.percentile(off, 95):+.4f}"
        )


def main():
    """Measure one network."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--basins", required=True, help="file with one id per line")
    parser.add_argument("--hidden-size", type=int)
    parser.add_argument("--timed", type=int, default=3, help="basins to time")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--few", type=int, default=4, help="timed draws with windows")
    parser.add_argument("--sample", type=int, default=20, help="basins to compare")
    parser.add_argument("--draws", type=int, default=3, help="of each, to compare")
    parser.add_argument("--seed", type=int, default=111)
    parser.add_argument("--skip-difference", action="store_true")
    options = parser.parse_args()
    make_deterministic(0, 1)
    trained = load_weights(options.weights, CPU)
    if options.hidden_size:
        trained = larger(trained, options.hidden_size)
    listed = read_basin_list(options.basins)
    names = trained.settings.inputs, trained.settings.attributes
    some = listed[:: len(listed) // options.timed][: options.timed]
    catchments = read_store(options.store, *names, some)
    costs(trained, catchments, options.rounds, options.few)
    if not (options.skip_difference or options.hidden_size):
        sample = listed[:: len(listed) // options.sample][: options.sample]
        difference(options, sample)


if __name__ == "__main__":
    main()
