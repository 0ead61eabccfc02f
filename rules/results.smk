"""Outputs, captions and parameters of tables and figures, and who has which."""

# What a paper's target makes; rules of tables and figures add to it.
RESULTS = {paper: [] for paper in PAPERS}


def figure(paper, name, shows, caption=None, when=True, each=None):
    """Return the outputs of a figure: a PDF, and a PNG for the report.

    `when` says whether the paper's target makes the figure; `each` gives the values of
    the wildcards in `paper` and `name`.
    """
    pdf, png = (f"results/figures/{paper}/{name}.{kind}" for kind in ("pdf", "png"))
    _add([pdf, png], when, each or {})
    place = (paper, "Figures", caption or f"{paper}/{name}", shows)
    return {"pdf": pdf, "png": _reported(png, *place)}


def table(paper, name, shows, when=True):
    """Return the output of a table; parameters as of `figure`."""
    path = f"results/tables/{paper}/{name}.csv"
    _add([path], when, {})
    return {"table": _reported(path, paper, "Tables", f"{paper}/{name}", shows)}


def _add(paths, when, each):
    if when:
        for path in expand(paths, **each):
            RESULTS[Path(path).parts[2]].append(path)


def _reported(path, paper, subcategory, caption, shows):
    return report(
        path,
        caption=f"{workflow.basedir}/report/{caption}.rst",
        category=paper,
        subcategory=subcategory,
        labels={"shows": shows},
    )


def drawn(script, **params):
    """Return the parameters of a figure: its own, whose numbers it shows, its code."""
    return {"dataset": config["dataset"], **params, "code": fingerprint_of(script)}


def results_of(paper):
    """Return the tables, figures and scorecard of a paper."""
    return [*RESULTS[paper], f"results/scorecard/{paper}.csv"]
