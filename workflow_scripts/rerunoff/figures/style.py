"""One look for all figures: fonts, sizes, colours, and how they are saved."""

import logging

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.dates as mdates
import matplotlib.pyplot as plt

from rerunoff.files import atomic_path

# It tells of every font table that a PDF leaves out.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Okabe and Ito's palette, and colours far from it and from each other: the colour-blind
# too tell any two apart. One colour per model, the same in every figure of every paper.
COLOURS = {
    "observed": "#000000",
    "ealstm": "#D55E00",
    "lstm": "#0072B2",
    "lstm_no_static": "#009E73",
    "lstm_basin": "#E69F00",
    "lstm_region": "#6DC0EC",
    "lstm_fine_tuned": "#332288",
    "lstm_ungauged": "#B07AA1",
    "rnn": "#A0522D",
    "sac_sma": "#4D4D4D",
    "nwm": "#661100",
}
# Quantities that stand beside each other in one panel.
QUANTITY_COLOURS = {
    "state": "#CC3311",
    "swe": "#0077BB",
    "tmax": "#CC3311",
    "tmin": "#0077BB",
    "tmean": "#555555",
    "prcp": "#555555",
}
_SETTINGS = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
}


def new_figure(width, height, **subplots):
    """Return a figure and its axes in the project's style; sizes in inches."""
    mpl.rcParams.update(_SETTINGS)
    return plt.subplots(figsize=(width, height), **subplots)


def legend_below(figure, axis, columns):
    """Put one legend for all panels below them, in fewer columns if words are long."""
    handles, labels = axis.get_legend_handles_labels()
    widest = 0.5 + 0.07 * max(map(len, labels))  # inches, about
    columns = max(1, min(columns, int(figure.get_figwidth() / widest)))
    figure.legend(handles, labels, ncols=columns, loc="outside lower center")


def date_axis(axis):
    """Label a time axis with months, and the year once."""
    locator = mdates.AutoDateLocator()
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


def written(number, form=".2f"):
    """Return a number for a title, with a true minus."""
    return f"{number:{form}}".replace("-", "−")


def mark_origin(figure, dataset):
    """Say on the figure when its numbers are not from the papers' data."""
    notes = {
        "virtual": "virtual catchments: shows that the machinery runs, nothing else",
        "caravan": "Caravan data, not the paper's",
    }
    if dataset in notes:
        # A super-title, for the layout keeps room for it.
        figure.suptitle(notes[dataset], x=0.995, ha="right", fontsize=7, color="#777")


def save(figure, pdf, png):
    """Write a figure as vector PDF and as PNG, each atomically."""
    for path in (pdf, png):
        with atomic_path(path) as part:
            # Without a date the same figure is the same file.
            metadata = {"CreationDate": None} if path == pdf else None
            figure.savefig(part, metadata=metadata)
    plt.close(figure)
