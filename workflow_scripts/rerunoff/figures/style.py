"""One style for all figures: fonts, sizes, colours, and how they are saved."""

import io
import logging
from itertools import cycle
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.dates as mdates
import matplotlib.pyplot as plt

from rerunoff.files import write_bytes
from rerunoff.provenance import commit, now, versions

# It tells of every font table that a PDF leaves out.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Okabe and Ito's palette, and colours far from it and from each other: the colour-blind
# too tell any two apart. A hue per family of models, a shade and a marker per model,
# the same in every figure of every paper. All LSTMs are blue to violet.
COLOURS = {
    "observed": "#000000",
    "ealstm": "#D55E00",
    "lstm": "#0072B2",
    "lstm_no_static": "#B095FD",
    "lstm_ungauged": "#7812B4",
    "lstm_basin": "#33526E",
    "lstm_region": "#62ADBB",
    "lstm_fine_tuned": "#6D10F9",
    "rnn": "#A0522D",
    "sac_sma": "#4D4D4D",
    "nwm": "#661100",
    "vic": "#77A66C",
    "mhm": "#CCB433",
    "hbv": "#35033D",
    "hbv_here": "#E61DC9",
    "fuse": "#A66C88",
}
# Of networks and benchmarks without one above, in the order of a figure. To give one
# its own, add it above; test_any_two_colours_differ_to_everybody (in
# tests/unit/test_figures_2018.py) says if it is too close to another.
SPARE_COLOURS = ("#3DF285", "#9EA64B", "#88F200")
# The first of a family has none; nor has one that is alone.
_MARKERS = {
    "lstm_no_static": "^",
    "lstm_ungauged": "D",
    "lstm_basin": "s",
    "lstm_region": "v",
    "lstm_fine_tuned": "P",
}
# What tells the second, third, ... of one colour from the first.
_MORE_MARKERS = ("*", "<", "p", ">", "h", "X", "d")
_MORE_HATCHES = ("///", "...", "xxx", "---", "ooo", "|||", "+++")
# By loss; a benchmark has none.
_LINES = {"nse": "-", "mse": "--", None: "-"}
_MORE_LINES = ("-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (9, 2)))
# Quantities that stand beside each other in one panel.
QUANTITY_COLOURS = {
    "state": "#670A72",
    "swe": "#01BB62",
    "tmax": "#CC3311",
    "tmin": "#0077BB",
    "tmean": "#555555",
    "prcp": "#1E1AB4",
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
    # Titles are of the user, and a dollar in one is a dollar.
    "text.parse_math": False,
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
}


def new_figure(width, height, **subplots):
    """Return a figure and its axes in the project's style; sizes in inches."""
    mpl.rcParams.update(_SETTINGS)
    return plt.subplots(figsize=(width, height), **subplots)


def colour_of(looks, name):
    """Return the colour of one of the models of a figure.

    Parameters
    ----------
    looks : dict of str to dict
        All that the figure draws, in its order: name to `title`, `model` (whose colour
        is in `COLOURS`, or else a spare one) and, unless it has none, `loss`.
    name : str
    """
    models = dict.fromkeys(look["model"] for look in looks.values())
    spare = dict(zip((m for m in models if m not in COLOURS), cycle(SPARE_COLOURS)))
    return (COLOURS | spare)[looks[name]["model"]]


def marker_of(looks, name, first=None, by_line=False):
    """Return the marker of one of the models of a figure; None if it has none.

    Parameters
    ----------
    looks, name
        As in `colour_of`.
    first : str, optional
        The marker of the first of each colour, instead of that of its family.
    by_line : bool
        Whether lines tell losses apart (`line_of`), so that markers need not.
    """
    before = _repeated(looks, name, by_line)
    if not before:
        return first or _MARKERS.get(looks[name]["model"])
    return _MORE_MARKERS[(before - 1) % len(_MORE_MARKERS)]


def hatch_of(looks, name):
    """Return the hatch of the box of a model of a figure; None if it has none."""
    before = _repeated(looks, name)
    return _MORE_HATCHES[(before - 1) % len(_MORE_HATCHES)] if before else None


def line_of(looks, name, every=None, by_loss=False):
    """Return how the line of a model of a figure looks: colour, marks, line style.

    Parameters
    ----------
    looks, name
        As in `colour_of`.
    every : int or tuple, optional
        Matplotlib's `markevery`.
    by_loss : bool
        Whether lines are dashed by the loss of the training; else all are solid.
    """
    line = _line_of_loss(looks, name) if by_loss else "-"
    style = {"color": colour_of(looks, name), "linestyle": line}
    if marker := marker_of(looks, name, by_line=by_loss):
        style |= {"marker": marker, "markersize": 3.5, "markevery": every}
        if _repeated(looks, name, by_loss):
            style |= {"markersize": 5}
    return style


def _line_of_loss(looks, name):
    losses = dict.fromkeys(look.get("loss") for look in looks.values())
    new = dict(zip((loss for loss in losses if loss not in _LINES), cycle(_MORE_LINES)))
    return (_LINES | new)[looks[name].get("loss")]


def _repeated(looks, name, by_line=False):
    """Return how many before a model, in the figure, have its colour, or also line."""

    def seen(one):
        line = _line_of_loss(looks, one) if by_line else None
        return colour_of(looks, one), line

    names = list(looks)
    return [seen(one) for one in names[: names.index(name)]].count(seen(name))


def legend_below(figure, axis, columns, more=()):
    """Put one legend for all panels below them, in fewer columns if words are long.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    axis : matplotlib.axes.Axes
        Whose lines the legend explains.
    columns : int
        At most.
    more : sequence of matplotlib.artist.Artist
        What else it explains, each with a label.
    """
    handles = [*axis.get_legend_handles_labels()[0], *more]
    labels = [handle.get_label() for handle in handles]
    lines = [line for label in labels for line in label.split("\n")]
    widest = 0.5 + 0.07 * max(map(len, lines))  # inches, about
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


def counted(count, noun):
    """Return a count with its noun."""
    return f"{count} {noun}" + "s" * (count != 1)


def mark_origin(figure, origin):
    """Say on the figure when its numbers are not our runs on the papers' data.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    origin : str
        The dataset, or `authors` for statistics that the authors published.
    """
    notes = {
        "virtual": "virtual catchments: shows that the machinery runs, nothing else",
        "caravan": "Caravan data, not the paper's",
        "authors": "authors' statistics, drawn anew: no network was run here",
    }
    if origin in notes:
        # A super-title, because the layout keeps room for it.
        figure.suptitle(notes[origin], x=0.995, ha="right", fontsize=7, color="#777")


def save(figure, pdf, png, facts=None):
    """Write a figure as vector PDF and as PNG, each atomically.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    pdf, png : str or Path
    facts : dict of str to str or None, optional
        What the job knows of its making (`jobs.facts_of`). Both files say it, with the
        git commit, the versions and the date.
    """
    date, software = now(), versions("matplotlib", "numpy", "pandas")
    facts = {
        "commit": commit() or "not known: no git",
        "versions": ", ".join(f"{name} {number}" for name, number in software.items()),
        **{name: fact for name, fact in (facts or {}).items() if fact},
    }
    made = f"rerunoff {software['rerunoff']}"
    # A PDF has no keys of one's own.
    keywords = "; ".join(f"{name}: {fact}" for name, fact in facts.items())
    metadata = {
        pdf: {"Creator": made, "CreationDate": date, "Keywords": keywords},
        png: {"Software": made, "Creation Time": date.isoformat(), **facts},
    }
    for path, told in metadata.items():
        # In memory first: of a full disk a library for images says no word.
        content = io.BytesIO()
        figure.savefig(content, format=Path(path).suffix[1:], metadata=told)
        write_bytes(path, content.getvalue())
    plt.close(figure)
