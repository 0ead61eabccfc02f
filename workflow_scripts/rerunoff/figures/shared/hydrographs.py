"""Hydrographs: precipitation, observed and simulated discharge of named basins."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rerunoff.data.river_names import read_headings
from rerunoff.data.simulations import read_members
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.moments import nse
from rerunoff.figures.reading import rows_of, rows_of_days
from rerunoff.figures.style import (
    COLOURS,
    QUANTITY_COLOURS,
    date_axis,
    legend_below,
    line_of,
    new_figure,
    written,
)

_DAYS_BETWEEN_MARKS = 25
# Of the height of a panel: discharge stays below the rain of most days.
_SHARE_OF_DISCHARGE, _SHARE_OF_RAIN = 0.75, 0.35


def draw(store, simulations, looks, members, basins, period):
    """Read the simulations of all members of the experiments, and draw them.

    Parameters
    ----------
    store : str
    simulations : list of str
        Those of all members of the first experiment, then those of the next.
    looks
        As in `figure_of`.
    members : dict of str to list of str
        Experiment to its members.
    basins : list of str or None
        The first four that all experiments share unless given.
    period : list of str
        First and last day.
    """
    paths = iter(simulations)
    read = {
        experiment: read_members({name: next(paths) for name in names})
        for experiment, names in members.items()
    }
    chosen = shared_basins(basins, [part.basins for part in read.values()])
    rows = {name: rows_of(chosen, part.basins, name) for name, part in read.items()}
    catchments = read_store(store, ("prcp",), (), chosen)
    days = catchments.days(period)
    dates, observed = catchments.dates[days], catchments.discharge[:, days]
    rain, simulated = catchments.inputs[:, days, 0], {}
    for name, part in read.items():
        its_days = rows_of_days(dates, part.dates, name)
        simulated[name] = part.discharge[:, rows[name], its_days]
    headings = read_headings(store, chosen).values()
    return figure_of(observed, rain, simulated, dates, headings, looks)


def figure_of(observed, rain, simulated, dates, headings, looks):
    """Draw precipitation and discharge of named basins over one period.

    Parameters
    ----------
    observed, rain : ndarray, shape (basin, day)
        Discharge and precipitation, mm/d; NaN where missing.
    simulated : dict of str to ndarray, shape (member, basin, day)
        mm/d; per experiment. The line is the ensemble mean, the band the range of the
        members.
    dates : ndarray of datetime64[D], shape (day,)
    headings : sequence of str
        Of each basin.
    looks : dict of str to dict
        As in `style.colour_of`.

    Returns
    -------
    matplotlib.figure.Figure
        A panel per basin: precipitation hangs from its top, and above stands the NSE of
        each ensemble mean over the days shown, in brackets that of its members.
    """
    rows = {"nrows": len(headings), "sharex": True, "squeeze": False}
    figure, axes = new_figure(7.2, 2.1 * len(headings) + 1, **rows)
    for row, (axis, heading) in enumerate(zip(axes[:, 0], headings, strict=True)):
        _rain(axis, dates, rain[row])
        axis.plot(
            dates, observed[row], color=COLOURS["observed"], label="observed", lw=0.9
        )
        members = {name: part[:, row] for name, part in simulated.items()}
        for number, (name, discharge) in enumerate(members.items()):
            _ensemble(axis, dates, discharge, looks, name, number)
        axis.set_title(heading, loc="left", pad=18)
        axis.set_ylabel("discharge\n(mm/d)")
        axis.set_ylim(0, axis.dataLim.y1 / _SHARE_OF_DISCHARGE or 1)
        axis.margins(x=0)
        _skill(axis, observed[row], members, looks)
    date_axis(axis)
    figure.align_ylabels(axes[:, 0])
    several = any(len(part) > 1 for part in simulated.values())
    band = [Patch(color="#777777", alpha=0.3, label="range of the members")]
    drops = Patch(color=QUANTITY_COLOURS["prcp"], label="precipitation")
    legend_below(figure, axes[0, 0], 4, [*band * several, drops])
    return figure


def _rain(axis, dates, rain):
    """Let precipitation hang from the top of a panel, on an axis of its own."""
    hanging, tint = axis.twinx(), QUANTITY_COLOURS["prcp"]
    # Not bars: narrower than a pixel, they vanish.
    hanging.vlines(dates, 0, rain, color=tint, linewidth=0.6)
    highest = np.nanmax(rain, initial=1)
    hanging.set_ylim(highest / _SHARE_OF_RAIN, 0)
    hanging.set_yticks([0, float(f"{highest:.1g}")])
    hanging.set_ylabel("precip.\n(mm/d)", color=tint, loc="top")
    hanging.tick_params(axis="y", colors=tint)
    hanging.spines["right"].set(visible=True, color=tint)
    hanging.grid(False)
    # Else it would lie over the discharge.
    axis.set_zorder(hanging.get_zorder() + 1)
    axis.patch.set_visible(False)


def _ensemble(axis, dates, members, looks, name, number):
    """Draw the mean of the members, and their range as a band."""
    low, high = members.min(axis=0), members.max(axis=0)
    # The marks of experiments stand on different days.
    every = (_DAYS_BETWEEN_MARKS // 3 * (number + 1), _DAYS_BETWEEN_MARKS)
    style = line_of(looks, name, every)
    axis.fill_between(dates, low, high, color=style["color"], alpha=0.2, linewidth=0)
    label = looks[name]["title"]
    axis.plot(dates, members.mean(axis=0), label=label, lw=1, **style)


def _skill(axis, observed, members, looks):
    """Say above a panel how well each experiment does on the days shown."""
    handles = []
    for name, discharge in members.items():
        mean, each = discharge.mean(axis=0, keepdims=True), _nse(observed, discharge)
        words = f"NSE {written(_nse(observed, mean)[0])}"
        if len(each) > 1:
            words += f" ({written(each.min())} to {written(each.max())})"
        style = line_of(looks, name)
        handles.append(Line2D([], [], label=words, lw=1, **style))
    axis.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0,
        borderpad=0.3, ncols=len(handles), fontsize=7, handlelength=1.5,
    )  # fmt: skip


def _nse(observed, members):
    """Return the NSE of each member, (member, day)."""
    return nse(np.broadcast_to(observed, members.shape), members)


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
