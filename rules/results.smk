"""Outputs, captions and parameters of tables and figures, and who has which."""

# What a paper's target makes; rules of tables and figures add to it.
RESULTS = {paper: [] for paper in DECLARED}
# Where the report lists a result: it sorts by words, so they begin with a number.
LISTED = {kind: dict.fromkeys(DECLARED, 0) for kind in ("figure", "table")}


def figure(paper, name, title, when=True, each=None, **labels):
    """Return the outputs of a figure: a PDF, a PNG, and a page for the report.

    Parameters
    ----------
    paper, name : str
        With wildcards if the rule draws several.
    title : str
        How the report lists it, numbered in the order of the rules.
    when : bool
        Whether the paper's target makes the figure.
    each : dict, optional
        The values of the wildcards in `paper` and `name`.
    **labels : str
        Further columns of the report's list, such as `statistic`.
    """
    stem = f"results/figures/{paper}/{name}"
    _add([f"{stem}.pdf", f"{stem}.png"], when, each or {})
    page = _reported(f"{stem}.html", paper, "figure", title, labels)
    return {"pdf": f"{stem}.pdf", "png": f"{stem}.png", "page": page}


def table(paper, name, title, when=True, each=None):
    """Return the outputs of a table: a CSV, and a page; parameters as of `figure`."""
    stem = f"results/tables/{paper}/{name}"
    _add([f"{stem}.csv"], when, each or {})
    page = _reported(f"{stem}.html", paper, "table", title, {})
    return {"table": f"{stem}.csv", "page": page}


def _add(paths, when, each):
    if when:
        for path in expand(paths, **each):
            RESULTS[Path(path).parts[2]].append(path)


def _reported(page, paper, kind, title, labels):
    """Return a page that the report lists behind those before it."""
    listed = LISTED[kind]
    # A paper that is a wildcard: those of several papers stand behind all others.
    number = 1 + (listed[paper] if paper in listed else max(listed.values()))
    listed[paper] = number
    return report(
        page,
        category=paper,
        subcategory=f"{kind.capitalize()}s",
        labels={kind: f"{number:02d} {title}", **labels},
    )


def drawn(name, **params):
    """Return the parameters of a figure, a module below `figures/`.

    Its own, whose numbers it shows, its caption and its code.
    """
    return {
        "origin": config["dataset"],
        **_made("draw_figure.py", "figures", name, params),
    }


def tabulated(name, **params):
    """Return the parameters of a table, a module below `tabulations/`."""
    return _made("make_table.py", "tabulations", name, params)


def _made(script, folder, name, params):
    caption, paper = _caption_of(name), name.split(".")[0]
    return {
        "module": f"{folder}.{name}",
        # What several papers share has the paper as a wildcard.
        "caption": lambda w: caption + protocol_of(getattr(w, "paper", paper)),
        **params,
        "code": code_of(script, f"{folder}.{name}"),
    }


def _caption_of(name):
    path = Path(workflow.basedir, "report", *name.split(".")).with_suffix(".rst")
    if not path.is_file():
        give_up(f"{path}: there is no such file; write the caption of {name} into it.")
    return path.read_text(encoding="utf-8")


def evaluated_once(paper):
    """Return what a paper evaluates, but for other readings of what is there too."""
    rows, known = RESOLVED[paper].experiments, RESOLVED[paper].evaluated
    return [n for n in known if n not in rows or rows[n].reading_of not in known]


def looks_among(paper, experiments):
    """Return title, model and loss of some experiments, in the order of a figure."""
    return {name: look_of(RESOLVED[paper], name) for name in experiments}


def titles_among(paper, experiments):
    """Return the titles of some experiments, in the order of a table."""
    looks = looks_among(paper, experiments)
    return {name: look["title"] for name, look in looks.items()}


def no_target(what):
    """End with one sentence on a rule that others use, called by its own name."""
    give_up(
        f"This rule is what all of its kind share; name the file of a {what}, or a paper."
    )


def results_of(paper):
    """Return the tables and figures of a paper or a question, and a paper's scorecard."""
    cards = [f"results/scorecard/{paper}.csv"] if paper in PAPERS else []
    return [*RESULTS[paper], *cards]


def papers_asked():
    """Return the papers among what the configuration asks for."""
    return [paper for paper in config["papers"] if paper in PAPERS]


def all_results():
    """Return the results of all papers and questions that are asked for."""
    page = ["results/scorecard.html"] if papers_asked() else []
    return [path for name in config["papers"] for path in results_of(name)] + page
