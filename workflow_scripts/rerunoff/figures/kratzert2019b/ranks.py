"""NSE of an ensemble's members over basins that are ranked by their mean."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from rerunoff.evaluation.tables import read_members_metrics
from rerunoff.figures.kratzert2019b.axes import nothing_of
from rerunoff.figures.style import counted

LOWEST = -1  # NSE; lower values count as this


def read(statistics, names):
    """Read NSE of some members: index member, columns basin."""
    table = read_members_metrics(statistics, names).reset_index()
    return table.pivot(index="member", columns="basin", values="nse").loc[names]


def ranked_by_mean(nse):
    """Return NSE from -1 on, basins in ascending order of their mean over members."""
    kept = nse.where(np.isfinite(nse)).clip(lower=LOWEST).dropna(axis=1, how="all")
    if kept.empty:
        raise nothing_of("the members' NSE", "one member")
    return kept[kept.mean().sort_values(kind="stable").index]


def rank_axis(axis, ranked):
    """Say what the horizontal axis counts, and how much is shown."""
    axis.set_xlabel("basin, ranked by mean NSE")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    members, basins = ranked.shape
    axis.set_title(f"{counted(members, 'member')}, {counted(basins, 'basin')}")
