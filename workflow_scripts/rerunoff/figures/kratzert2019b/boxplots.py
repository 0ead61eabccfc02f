"""kratzert2019b: box plots of the statistics over basins, by model.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2).
"""

from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b.axes import (
    LIMITS,
    OPTIMA,
    finite,
    grid_of,
    label_of,
    nothing_of,
)
from rerunoff.figures.style import colour_of, hatch_of

_GUIDE = "#777777"


def draw(statistics, looks):
    """Read the statistics of the models, in the order of `looks`, and draw them."""
    return figure_of(read_ensembles(dict(zip(looks, statistics, strict=True))), looks)


def figure_of(by_model, looks):
    """Draw box plots over basins, one panel per statistic.

    Parameters
    ----------
    by_model, looks
        As in `densities.figure_of`.

    Returns
    -------
    matplotlib.figure.Figure
        Whiskers reach to the last value within 1.5 times the box; a dashed line is
        the optimum. At either end of the axis stands how many basins lie beyond it.

    Raises
    ------
    InputError
        If no model has a value.
    """
    panels = {name: finite(by_model, name) for name in OPTIMA}
    panels = {name: values for name, values in panels.items() if values}
    if not panels:
        raise nothing_of("any statistic", "one model")
    models = [m for m in by_model if any(m in values for values in panels.values())]
    figure, axes = grid_of(len(panels), 0.3 * len(models) + 0.8)
    for axis, (name, values) in zip(axes, panels.items(), strict=True):
        axis.axvline(OPTIMA[name], color="black", ls="--", lw=1, clip_on=False)
        for row, model in enumerate(models):
            if model in values:
                look = colour_of(looks, model), hatch_of(looks, model)
                _box(axis, row, values[model], *look, LIMITS[name])
        axis.set(xlabel=label_of(name), xlim=LIMITS[name])
        axis.set_yticks(range(len(models)), [""] * len(models))
        axis.set_ylim(len(models) - 0.4, -0.6)
        # Room for how many lie below.
        axis.tick_params(axis="y", length=0, pad=40)
        axis.grid(visible=False, axis="y")
    for axis in axes[::2]:  # at the left
        axis.set_yticklabels([looks[model]["title"] for model in models])
    return figure


def _box(axis, row, values, tint, hatch, limits):
    """Draw the box of one model and the note on what lies outside the axis."""
    points = {"marker": ".", "markersize": 3, "markeredgecolor": tint}
    axis.boxplot(
        [values.to_numpy()], positions=[row], widths=0.6, orientation="horizontal",
        patch_artist=True, manage_ticks=False, flierprops=points,
        boxprops={"facecolor": tint, "alpha": 0.6, "hatch": hatch},
        medianprops={"color": "black"},
    )  # fmt: skip
    # Beside the axis, because outliers may lie up to its ends.
    style = {"fontsize": 7, "color": _GUIDE, "va": "center"}
    style["transform"] = axis.get_yaxis_transform()
    below, above = (values < limits[0]).sum(), (values > limits[1]).sum()
    if below:
        axis.text(-0.02, row, f"{below} below", ha="right", **style)
    if above:
        axis.text(1.02, row, f"{above} above", ha="left", **style)
