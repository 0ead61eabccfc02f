"""One look for all figures: fonts, sizes, colours, and how they are saved."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.dates as mdates
import matplotlib.pyplot as plt

from rerunoff.files import atomic_path

# Okabe and Ito's palette: tells apart for the colour-blind too. One colour per model,
# the same in every figure of every paper.
COLOURS = {
    "observed": "#000000",
    "ealstm": "#D55E00",
    "lstm": "#0072B2",
    "lstm_no_static": "#009E73",
}
_SETTINGS = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
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
    """Put one legend for all panels below them."""
    figure.legend(
        *axis.get_legend_handles_labels(), ncols=columns, loc="outside lower center"
    )


def date_axis(axis):
    """Label a time axis with months, and the year once."""
    locator = mdates.AutoDateLocator()
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


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
