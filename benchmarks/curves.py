"""Skill against processor time, read from what `long_windows.py` wrote.

    python benchmarks/curves.py results/recorded/long_windows

Prints for each network the seconds to a median test NSE of .60 and .65, simulated both
ways where it was, and what it ended with; then by basin what networks of long windows
(`long_SEED.csv`) have more than networks of the papers' windows (`windows_SEED.csv`).
"""

import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

from rerunoff.analysis.controlled import compare  # noqa: E402
from rerunoff.evaluation import ENSEMBLE  # noqa: E402

SKILLS = (0.60, 0.65)
BY_BASIN = "_basins"


def curves(folder):
    """Return one row per network and way of simulation."""
    rows = []
    for path in sorted(Path(folder).glob("*.csv")):
        if path.stem.endswith(BY_BASIN):
            continue
        for way, curve in pd.read_csv(path).groupby("simulation"):
            nse = curve.set_index("seconds")["median_nse"]
            reached = {f"s to {one:.2f}": nse.index[nse >= one].min() for one in SKILLS}
            last = curve.iloc[-1][["seconds", "steps", "median_nse", "mean_nse"]]
            rows.append({"network": path.stem, "simulation": way, **reached, **last})
    return pd.DataFrame(rows)


def by_basin(folder, network, way):
    """Return the NSE of each basin at the end, as the table of an ensemble of one."""
    path = Path(folder, f"{network}_{way}{BY_BASIN}.csv")
    table = pd.read_csv(path, names=["basin", "NSE"], dtype={"basin": str})
    return table.assign(member=ENSEMBLE)


def differences(folder):
    """Return one row per seed and way of simulating the long windows' network."""
    rows = []
    for path in sorted(Path(folder).glob(f"windows_*_windows{BY_BASIN}.csv")):
        seed = path.stem.split("_")[1]
        if not Path(folder, f"long_{seed}.csv").is_file():
            continue
        for way in ("continuous", "windows"):
            tables = {
                f"long, {way}": by_basin(folder, f"long_{seed}", way),
                "windows": by_basin(folder, f"windows_{seed}", "windows"),
            }
            rows.append(compare(tables, [tuple(tables)]).assign(seed=seed))
    columns = ["seed", "experiment", "median", "median_against", "difference"]
    return pd.concat(rows)[[*columns, "low", "high", "better", "p_value"]]


def main(folder):
    """Print both tables."""
    with pd.option_context("display.width", 200, "display.max_columns", None):
        print(curves(folder).to_string(index=False))
        print(differences(folder).to_string(index=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
