"""kratzert2018: one cell of the network beside temperature and snow."""

import yaml

from rerunoff.figures.style import (
    QUANTITY_COLOURS,
    date_axis,
    legend_below,
    new_figure,
    written,
)
from rerunoff.seals import read_sealed
from rerunoff.tables import read_series

_SOURCES = {
    "sac_sma": "Snow-17",
    "forcing": "forcing product",
    "degree_day": "degree-day model",
}


def draw(trace, choice):
    """Read the traces of a basin and which cell was chosen, and draw them."""
    chosen = yaml.safe_load(read_sealed(choice))
    return figure_of(
        read_series(trace),
        chosen["basin"],
        cell=f"layer {chosen['layer']}, cell {chosen['cell']}",
        correlation=chosen["correlation"],
        swe_source=_SOURCES[chosen["swe_source"]],
    )


def figure_of(traces, basin, cell, correlation, swe_source):
    """Draw one cell of the network beside snow and temperature.

    Parameters
    ----------
    traces : DataFrame
        Index date; `state` (no unit), `swe` (mm), `prcp` (mm/d), and in °C `tmin` and
        `tmax` (one line if they are equal) or `tmean`.
    basin : str
    cell : str
        Which cell, such as `layer 2, cell 7`.
    correlation : float
        Pearson r of its state with `swe`.
    swe_source : str
        Whose snow it is.

    Returns
    -------
    matplotlib.figure.Figure
        Days with a mean temperature below 0 °C are shaded in all panels.
    """
    rows = {"nrows": 3, "sharex": True, "height_ratios": (0.6, 1, 1.3)}
    figure, (rain, temperature, state) = new_figure(7.2, 5.2, **rows)
    dates = traces.index.to_numpy()
    # Not bars: narrower than a pixel, they vanish.
    rain.vlines(dates, 0, traces["prcp"], color=QUANTITY_COLOURS["prcp"], lw=0.7)
    rain.set_ylabel("precipitation\n(mm/d)")
    rain.set_title(f"basin {basin}", loc="left")
    rain.set_ylim(bottom=0)
    cold = _temperature(temperature, traces)
    _state_and_snow(state, traces, swe_source)
    title = f"{cell}, correlation with SWE {written(correlation)}"
    state.set_title(title, loc="left")
    for axis in (rain, temperature, state):
        _shade(axis, dates, cold)
    date_axis(state)
    figure.align_ylabels([rain, temperature, state])
    legend_below(figure, temperature, columns=3)
    return figure


def _shade(axis, dates, cold):
    """Shade the cold days over the whole height of a panel."""
    axis.fill_between(
        dates, 0, 1, where=cold, transform=axis.get_xaxis_transform(),
        step="mid", color="#DDE8F0", linewidth=0, label="mean below 0 °C", zorder=0,
    )  # fmt: skip
    axis.margins(x=0)


def _temperature(axis, traces):
    """Draw the daily extremes, or the mean where it is all there is.

    Returns
    -------
    ndarray of bool, shape (day,)
        Days with a mean below 0 °C.
    """
    if "tmin" not in traces or traces["tmin"].equals(traces["tmax"]):
        mean = traces["tmean" if "tmin" not in traces else "tmin"]
        lines = {"tmean": (mean, "daily mean")}
    else:
        mean = (traces["tmin"] + traces["tmax"]) / 2
        lines = {
            "tmax": (traces["tmax"], "daily maximum"),
            "tmin": (traces["tmin"], "daily minimum"),
        }
    for name, (values, label) in lines.items():
        tint = QUANTITY_COLOURS[name]
        axis.plot(values.index, values, color=tint, lw=0.8, label=label)
    axis.axhline(0, color="black", linewidth=0.8)
    axis.set_ylabel("temperature\n(°C)")
    return (mean < 0).to_numpy()


def _state_and_snow(axis, traces, swe_source):
    """Draw the cell state, and the snow on an axis of its own at the right."""
    snow = axis.twinx()
    sides = (
        (axis, "state", "cell state (–)", "left"),
        (snow, "swe", f"SWE (mm)\n{swe_source}", "right"),
    )
    for side, name, label, edge in sides:
        tint = QUANTITY_COLOURS[name]
        side.plot(traces.index, traces[name], color=tint, linewidth=1.2)
        side.set_ylabel(label, color=tint)
        side.tick_params(axis="y", colors=tint)
        side.spines[edge].set(visible=True, color=tint)
    snow.grid(False)
    snow.set_ylim(bottom=0)
