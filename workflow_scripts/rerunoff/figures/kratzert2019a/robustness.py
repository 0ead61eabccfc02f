"""kratzert2019a: NSE against the standard deviation of noise on the attributes.

Content: the authors' ranking notebook, see the caption.
"""

from matplotlib.lines import Line2D

from rerunoff.analysis.robustness_numbers import metric_of
from rerunoff.analysis.robustness_tables import read_levels
from rerunoff.figures.style import colour_of, counted, new_figure
from rerunoff.numbers.published import ROBUSTNESS, read_published

_LOWEST = -6  # as in the paper
_WIDTH = 0.6  # of a box, in levels
# Of the right panel: how a statistic is drawn, ours with a line, the paper's without.
_MARKS = {"median": "o", "mean": "^"}
_MEAN = {"marker": "^", "ms": 4, "mfc": "white", "mec": "black"}
_GUIDE = "#777777"


def draw(levels, published, looks, experiment, member):
    """Read our statistics and the published ones, and draw them."""
    table = read_levels(levels)
    theirs = read_published(published)
    rows = (theirs["quantity"] == ROBUSTNESS) & (theirs["experiment"] == experiment)
    keys = theirs[rows].set_index(["metric", "statistic"])["value"].astype(float)
    return figure_of(table, keys.to_dict(), looks, experiment, member)


def figure_of(table, published, looks, experiment, member):
    """Draw box plots of NSE by level, and medians and means beside the paper's.

    Parameters
    ----------
    table : DataFrame
        From `robustness_tables.by_level`.
    published : dict of (str, str) to float
        Metric and statistic to value; empty for another experiment than the paper's.
    looks : dict of str to dict
        As in `style.colour_of`.
    experiment, member : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (boxes, lines) = new_figure(7.2, 3.6, ncols=2)
    tint = colour_of(looks, experiment)
    _boxes(boxes, table, tint)
    basins, draws = (int(table[name].max()) for name in ("basins", "draws"))
    boxes.set(ylabel="NSE (–)", ylim=(_LOWEST, 1))
    boxes.set_title(f"{looks[experiment]['title']}, {member}")
    _lines(lines, table, published, tint)
    lines.set_ylabel("NSE (–)")
    lines.set_title(f"{counted(basins, 'basin')}, {counted(draws, 'draw')} each")
    for axis in (boxes, lines):
        axis.set_xlabel("standard deviation of the noise (–)")
    handles = _legend(tint, bool(published))
    figure.legend(handles=handles, ncols=4, loc="outside lower center")
    return figure


def _boxes(axis, table, tint):
    """Draw one box for each level, from its percentiles."""
    names = {
        "whislo": "p05",
        "q1": "p25",
        "med": "median",
        "q3": "p75",
        "whishi": "p95",
        "mean": "mean",
    }
    rows = table.to_dict("records")
    axis.bxp(
        [{key: row[name] for key, name in names.items()} for row in rows],
        positions=range(len(rows)), widths=_WIDTH, showfliers=False, showmeans=True,
        patch_artist=True, manage_ticks=False, medianprops={"color": "black"},
        boxprops={"facecolor": tint, "alpha": 0.6}, meanprops=_MEAN,
    )  # fmt: skip
    axis.set_xticks(range(len(rows)), [f"{row['level']:g}" for row in rows])
    axis.axhline(0, color=_GUIDE, lw=0.8, ls=":", zorder=0)


def _lines(axis, table, published, tint):
    """Draw medians and means against the level, and those of the paper."""
    for name, marker in _MARKS.items():
        axis.plot(table["level"], table[name], marker=marker, ms=4, color=tint, lw=1.3)
        known = [
            (level, published[metric_of(level), name])
            for level in table["level"]
            if (metric_of(level), name) in published
        ]
        if known:
            style = {"marker": marker, "ls": "", "mfc": "none", "mec": "black"}
            axis.plot(*zip(*known, strict=True), **style)
    axis.set_ylim(top=1)


def _legend(tint, published):
    """Return what the marks mean."""
    handles = [
        Line2D([], [], color=tint, marker=marker, ms=4, label=f"{name}, here")
        for name, marker in _MARKS.items()
    ]
    return handles + [
        Line2D([], [], ls="", marker=marker, mfc="none", mec="black",
               label=f"{name}, paper")
        for name, marker in _MARKS.items()
        if published
    ]  # fmt: skip
