"""Figures of kratzert2018 that look into single basins and into the network."""

import numpy as np
from matplotlib import colormaps

from rerunoff.figures.style import (
    COLOURS,
    QUANTITY_COLOURS,
    counted,
    date_axis,
    legend_below,
    mark_origin,
    new_figure,
    written,
)

_MOST_LABELS = 15


def hydrograph_epochs(observed, simulated, dates, heading, dataset):
    """Draw discharge of one basin as simulated after several epochs of training.

    Parameters
    ----------
    observed : ndarray, shape (day,)
        mm/d; NaN where missing.
    simulated : dict of int to ndarray, shape (day,)
        Number of epochs to discharge in mm/d.
    dates : ndarray of datetime64[D], shape (day,)
    heading : str
        Which basin it is.
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
        One panel per number of epochs, the darker the longer trained.
    """
    shades = colormaps["YlOrRd"](np.linspace(0.45, 0.95, len(simulated)))
    panels = [
        (f"after {counted(epoch, 'epoch')}", discharge, shade)
        for (epoch, discharge), shade in zip(simulated.items(), shades, strict=True)
    ]
    return _against_observed(observed, panels, dates, heading, dataset)


def rnn_vs_lstm(observed, simulated, dates, heading, nse, looks, dataset):
    """Draw discharge of one basin as simulated by each model, one panel each.

    Parameters
    ----------
    observed, dates, heading, dataset
        As in `hydrograph_epochs`.
    simulated : dict of str to ndarray, shape (day,)
        Experiment to discharge in mm/d; panels in this order.
    nse : dict of str to float
        Experiment to NSE over the whole validation period.
    looks : dict of str to dict
        Experiment to `title` and `model` (a key of `style.COLOURS`).

    Returns
    -------
    matplotlib.figure.Figure
    """
    panels = []
    for experiment, discharge in simulated.items():
        title = f"{looks[experiment]['title']}, NSE {written(nse[experiment])}"
        panels.append((title, discharge, COLOURS[looks[experiment]["model"]]))
    return _against_observed(observed, panels, dates, heading, dataset)


def _against_observed(observed, panels, dates, heading, dataset):
    """Draw panels below each other, each one simulation over the observations.

    Parameters
    ----------
    panels : list of tuple
        Title, discharge (day,) and colour.
    """
    rows = {"nrows": len(panels), "sharex": True, "sharey": True, "squeeze": False}
    figure, axes = new_figure(7.2, 1.35 * len(panels) + 0.9, **rows)
    for axis, (title, discharge, tint) in zip(axes[:, 0], panels, strict=True):
        axis.plot(dates, observed, color=COLOURS["observed"], label="observed", lw=0.7)
        axis.plot(dates, discharge, color=tint, lw=1.2)
        axis.set_title(title, loc="left")
        axis.set_ylabel("discharge\n(mm/d)")
        axis.margins(x=0)
    axis.set_ylim(bottom=0)
    axes[0, 0].set_title(heading, loc="right")
    date_axis(axis)
    figure.align_ylabels()
    legend_below(figure, axes[0, 0], columns=1)
    mark_origin(figure, dataset)
    return figure


def cell_state_snow(traces, basin, dataset, cell, correlation, swe_source):
    """Draw one cell of the network beside snow and temperature.

    Parameters
    ----------
    traces : DataFrame
        Index date; `state` (no unit), `swe` (mm), `prcp` (mm/d), and in °C `tmin` and
        `tmax` (one line if they are equal) or `tmean`.
    basin, dataset : str
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
    mark_origin(figure, dataset)
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


def basin_correlation(correlations, dataset):
    """Draw how alike the basins of each region discharge.

    Parameters
    ----------
    correlations : dict of str to DataFrame
        Region to Pearson r of observed daily discharge, basin x basin; NaN where two
        basins share too few days.
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
        One panel per region, with the mean over its pairs of basins.
    """
    columns = min(len(correlations), 2)
    rows = -(-len(correlations) // columns)
    size = (7.2 if columns > 1 else 4.6, 3.4 * rows)
    figure, axes = new_figure(*size, nrows=rows, ncols=columns, squeeze=False)
    cmap = colormaps["viridis"].with_extremes(bad="#DDDDDD")
    for axis, (region, table) in zip(axes.flat, correlations.items(), strict=False):
        image = axis.imshow(table.to_numpy(), vmin=0, vmax=1, cmap=cmap)
        count = counted(len(table), "basin")
        axis.set_title(f"{region}, {count}{_mean_of_pairs(table)}")
        axis.grid(False)
        labels = list(table.columns) if len(table) <= _MOST_LABELS else []
        axis.set_xticks(range(len(labels)), labels, rotation=90, fontsize=6)
        axis.set_yticks(range(len(labels)), labels, fontsize=6)
    for axis in axes.flat[len(correlations) :]:
        axis.remove()
    shown = list(axes.flat[: len(correlations)])
    negative = any((table < 0).to_numpy().any() for table in correlations.values())
    extend = "min" if negative else "neither"
    bar = figure.colorbar(image, ax=shown, extend=extend, shrink=0.7, aspect=30)
    bar.set_label("correlation of daily discharge (–)")
    mark_origin(figure, dataset)
    return figure


def _mean_of_pairs(table):
    """Return the words on the mean correlation of two different basins."""
    pairs = table.to_numpy()[~np.eye(len(table), dtype=bool)]
    pairs = pairs[~np.isnan(pairs)]
    if not pairs.size:
        return ""
    return f", mean r {written(pairs.mean())}"
