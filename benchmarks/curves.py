"""Skill against processor time, read from what `long_windows.py` wrote.

    python benchmarks/curves.py results/recorded/long_windows

Prints for each network the seconds to a median test NSE of .60 and .65, simulated both
ways where it was, and what it ended with; then by basin what networks of long windows
(`long_SEED.csv`) have more than networks of the papers' windows (`windows_SEED.csv`,
`windows_SEED_….csv`), and each network in one pass than by a window for each day. Draws
the curves into the folder.
"""

import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

from rerunoff.analysis.controlled import compare  # noqa: E402
from rerunoff.evaluation import ENSEMBLE  # noqa: E402
from rerunoff.figures.style import legend_below, new_figure, save  # noqa: E402

SKILLS = (0.60, 0.65)
BY_BASIN = "_basins"
# What the figure shows: colour, label, and the way of simulation that was trained for.
DRAWN = {
    "n365": ("#0072B2", "long windows, 4 minutes", "continuous"),
    "long_111": (
        "#62ADBB",
        "long windows, 40 minutes, a quarter of the rate",
        "continuous",
    ),
    "windows_111": ("#D55E00", "papers' windows, 40 minutes", "windows"),
    "windows_111_130min": ("#A0522D", "papers' windows, 130 minutes", "windows"),
    "peer_111": ("#4D4D4D", "NeuralHydrology, 40 minutes", "windows"),
}


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
    """Return one row per pair: two networks of a seed, or one simulated both ways."""
    rows = []
    for path in sorted(Path(folder).glob(f"*_windows{BY_BASIN}.csv")):
        network = path.stem.removesuffix(f"_windows{BY_BASIN}")
        windows = (network, "windows")
        pairs = [((network, "continuous"), windows)]
        if network.startswith("windows_"):
            long = f"long_{network.split('_')[1]}"
            pairs += [((long, way), windows) for way in ("continuous", "windows")]
        for pair in pairs:
            tables = {", ".join(one): by_basin(folder, *one) for one in pair}
            rows.append(compare(tables, [tuple(tables)]))
    columns = ["experiment", "against", "median", "median_against", "difference"]
    return pd.concat(rows)[[*columns, "low", "high", "better", "p_value"]]


def draw(folder):
    """Draw median NSE against processor time, as PDF and PNG in the folder."""
    figure, axis = new_figure(6, 3.5)
    for network, (colour, label, way) in DRAWN.items():
        curve = pd.read_csv(Path(folder, f"{network}.csv"))
        curve = curve[curve["simulation"] == way]
        minutes = curve["seconds"] / 60
        axis.plot(minutes, curve["median_nse"], ".-", color=colour, label=label)
    axis.axhline(SKILLS[-1], color="black", linewidth=0.5)
    axis.set(
        xscale="log", xlabel="minutes of one core", ylabel="median NSE of the test"
    )
    ticks = (1, 2, 5, 10, 20, 50, 100)
    axis.set_xticks(ticks, ticks)
    legend_below(figure, axis, 2)
    save(figure, Path(folder, "curves.pdf"), Path(folder, "curves.png"))


def main(folder):
    """Print both tables and draw the curves."""
    with pd.option_context("display.width", 200, "display.max_columns", None):
        print(curves(folder).to_string(index=False))
        print(differences(folder).to_string(index=False))
    draw(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
