"""Panels of one basin: each one simulation over the observed discharge."""

from rerunoff.figures.style import COLOURS, date_axis, legend_below, new_figure


def against_observed(observed, panels, dates, heading):
    """Draw panels below each other, each one simulation over the observations.

    Parameters
    ----------
    observed : ndarray, shape (day,)
        mm/d; NaN where missing.
    panels : list of tuple
        Title, discharge (day,) in mm/d, and colour.
    dates : ndarray of datetime64[D], shape (day,)
    heading : str
        Which basin it is.
    """
    rows = {"nrows": len(panels), "sharex": True, "sharey": True, "squeeze": False}
    figure, axes = new_figure(7.2, 1.35 * len(panels) + 0.9, **rows)
    for axis, (title, discharge, tint) in zip(axes[:, 0], panels, strict=True):
        axis.plot(dates, observed, color=COLOURS["observed"], label="observed", lw=0.7)
        axis.plot(dates, discharge, color=tint, label="simulated", lw=1.2)
        axis.set_title(title, loc="left")
        axis.set_ylabel("discharge\n(mm/d)")
        axis.margins(x=0)
    axis.set_ylim(bottom=0)
    axes[0, 0].set_title(heading, loc="right")
    date_axis(axis)
    figure.align_ylabels()
    legend_below(figure, axes[0, 0], columns=2)
    return figure
