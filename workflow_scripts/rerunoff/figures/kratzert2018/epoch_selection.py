"""kratzert2018: NSE of the held-out year after each epoch, and the epochs chosen."""

import textwrap

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from rerunoff.analysis.epochs import best_epoch, read_scores
from rerunoff.figures.style import COLOURS, colour_of, counted, new_figure, written
from rerunoff.tables import read_checked

_LOWEST_SCORE = -0.5
_GUIDE = "#777777"
_LETTERS_OF_TITLE = 22


def draw(looks, used, fine_tuning=None, **scores):
    """Read the scores of each experiment, by its name, and draw them.

    Parameters
    ----------
    looks, used
        As in `figure_of`.
    fine_tuning : str, optional
        The table of the epochs that fine-tuning chose.
    **scores : list of str
        Experiment to the scores of its units.
    """
    tables = {name: read_scores(paths) for name, paths in scores.items()}
    best = {name: best_epoch(table)[0] for name, table in tables.items()}
    tuned = None
    if fine_tuning:
        form = {"dtype": {"basin": str}, "index_col": "basin"}
        tuned = read_checked(fine_tuning, "table of epochs", **form)["epochs"]
    return figure_of(tables, best, used, tuned, looks)


def figure_of(scores, best, used, fine_tuning, looks):
    """Draw NSE of the held-out year against the number of epochs.

    Parameters
    ----------
    scores : dict of str to DataFrame
        Experiment to NSE of the held-out fifteenth year: index epoch, columns basins.
    best : dict of str to int
        Experiment to the epoch with the highest mean.
    used : dict of str to int
        Experiment to the number of epochs that its networks are trained for.
    fine_tuning : Series or None
        Index basin, the number of epochs chosen for it; a panel of its own.
    looks : dict of str to dict
        As in `nse_cdf.figure_of`.

    Returns
    -------
    matplotlib.figure.Figure
        NSE from -0.5 on at the lowest; a panel says if means below are left out.
    """
    count = len(scores) + (fine_tuning is not None)
    figure, axes = new_figure(2.6 * max(count, 2), 3.1, ncols=count, squeeze=False)
    for axis, (experiment, table) in zip(axes[0], scores.items(), strict=False):
        _learning_curve(axis, table, colour_of(looks, experiment))
        marks = _epoch_marks(axis, table, best[experiment], used[experiment])
        title = textwrap.fill(looks[experiment]["title"], _LETTERS_OF_TITLE)
        axis.set_title(f"{title}\n{marks}")
    axes[0, 0].set_ylabel("NSE of the held-out year (–)")
    if fine_tuning is not None:
        _epochs_of_fine_tuning(axes[0, -1], fine_tuning)
    # Panels side by side whose labels would else touch.
    figure.get_layout_engine().set(w_pad=0.1)
    columns = 4 if count > 2 else 2  # two panels are too narrow for four words
    figure.legend(handles=_epoch_legend(), ncols=columns, loc="outside lower center")
    return figure


def _learning_curve(axis, table, tint):
    """Draw mean and median over basins; the first means may be far below 0."""
    mean, median = table.mean(axis=1), table.median(axis=1)
    axis.plot(mean.index, mean, color=tint, linewidth=1.6)
    axis.plot(median.index, median, color=tint, linewidth=0.8, linestyle="--")
    axis.set_xlabel("number of epochs (–)")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    below = int((mean < _LOWEST_SCORE).sum())
    if below and max(mean.max(), median.max()) > _LOWEST_SCORE:
        axis.set_ylim(bottom=_LOWEST_SCORE)
        below = (
            f"{counted(below, 'mean')} below {written(_LOWEST_SCORE, 'g')} not shown"
        )
        # On the panel it would lie over a curve.
        axis.set_xlabel(f"number of epochs (–)\n({below})")


def _epoch_marks(axis, table, best, used):
    """Mark the best epoch and the one used, and return the words on them."""
    mean = table.mean(axis=1).loc[best]
    axis.plot(best, mean, "o", color="black", mfc="white", zorder=4)
    axis.axvline(used, color=_GUIDE, linestyle=":")
    return f"best {best}, used {used}"


def _epochs_of_fine_tuning(axis, epochs):
    """Draw in how many basins each number of epochs was chosen."""
    counts = epochs.dropna().astype(int).value_counts().sort_index()
    axis.bar(counts.index, counts, color=COLOURS["lstm_fine_tuned"])
    axis.set(xlabel="number of epochs (–)", ylabel="number of basins (–)")
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MaxNLocator(integer=True))
    axis.set_title(f"Fine-tuning\n{counts.sum()} basins, median {epochs.median():g}")


def _epoch_legend():
    """Return what the lines and marks of the learning curves mean."""
    return [
        Line2D([], [], color=_GUIDE, linewidth=1.6, label="mean over basins"),
        Line2D([], [], color=_GUIDE, lw=0.8, ls="--", label="median"),
        Line2D([], [], color="black", ls="", marker="o", mfc="white", label="best"),
        Line2D([], [], color=_GUIDE, ls=":", label="used in the experiments"),
    ]
