"""Hydrographs: observed and simulated discharge of named basins."""

from rerunoff.errors import InputError
from rerunoff.figures.style import (
    COLOURS,
    date_axis,
    legend_below,
    mark_origin,
    new_figure,
)


def hydrographs(observed, simulated, dates, basins, looks, dataset):
    """Draw observed and simulated discharge of named basins over one period.

    Parameters
    ----------
    observed : ndarray, shape (basin, day)
        mm/d; NaN where missing.
    simulated : dict of str to ndarray, shape (member, basin, day)
        mm/d; per experiment. The line is the ensemble mean, the band the range of the
        members.
    dates : ndarray of datetime64[D], shape (day,)
    basins : sequence of str
    looks : dict of str to dict
        Experiment to `title` and `model` (a key of `style.COLOURS`).
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = {"nrows": len(basins), "sharex": True, "squeeze": False}
    figure, axes = new_figure(7.2, 1.6 * len(basins) + 0.8, **rows)
    for row, basin in enumerate(basins):
        axis = axes[row, 0]
        axis.plot(
            dates, observed[row], color=COLOURS["observed"], label="observed", lw=0.9
        )
        for experiment, discharge in simulated.items():
            _ensemble(axis, dates, discharge[:, row], looks[experiment])
        axis.set_title(f"basin {basin}", loc="left")
        axis.set_ylabel("discharge\n(mm/d)")
        axis.set_ylim(bottom=0)
        axis.margins(x=0)
    date_axis(axis)
    figure.align_ylabels()
    legend_below(figure, axes[0, 0], columns=4)
    mark_origin(figure, dataset)
    return figure


def _ensemble(axis, dates, members, look):
    """Draw the mean of the members, and their range as a band."""
    low, high, tint = members.min(axis=0), members.max(axis=0), COLOURS[look["model"]]
    axis.fill_between(dates, low, high, color=tint, alpha=0.2)
    axis.plot(dates, members.mean(axis=0), color=tint, label=look["title"], lw=1)


def rows_of_days(dates, simulated, source, key="hydrographs.period"):
    """Return where consecutive days stand among the simulated days.

    Raises
    ------
    InputError
        On a day that was not simulated.
    """
    start = int((dates[0] - simulated[0]).astype(int))
    if start < 0 or dates[-1] > simulated[-1]:
        raise InputError(
            f"{source}: the key {key} is not within the simulated period "
            f"{simulated[0]} to {simulated[-1]}; correct it."
        )
    return slice(start, start + len(dates))


def shared_basins(chosen, simulated):
    """Return the basins to draw: the chosen ones, or the first four that all share.

    Parameters
    ----------
    chosen : sequence of str or None
    simulated : list of list of str
        The basins of each experiment.

    Raises
    ------
    InputError
        If none are chosen and the experiments share none.
    """
    if chosen:
        return list(chosen)
    first, *others = simulated
    shared = [basin for basin in first if all(basin in other for other in others)]
    if not shared:
        raise InputError(
            "the experiments of the key hydrographs.experiments share no basin; name "
            "other experiments."
        )
    return shared[:4]


def rows_of(chosen, basins, source, key="hydrographs.basins"):
    """Return the rows of the chosen basins.

    Raises
    ------
    InputError
        On a basin that is not among those of the run.
    """
    for basin in chosen:
        if basin not in basins:
            raise InputError(
                f"{source}: basin {basin} of the key {key} was not simulated; name "
                f"some of its basins, such as {basins[0]}."
            )
    return [basins.index(basin) for basin in chosen]
