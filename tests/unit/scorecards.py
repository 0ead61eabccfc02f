"""Published numbers and metrics to compare, small and made by hand."""

import tempfile
from pathlib import Path

import compare_scorecard
import count_numbers
import pandas as pd
from rerunoff.evaluation.metrics import METRICS
from rerunoff.numbers import count as counting
from rerunoff.numbers.files import KEY, read_numbers, write_numbers
from rerunoff.numbers.published import COLUMNS
from rerunoff.scorecard import compare as comparing

BASINS = ["01022500", "01031500", "01047000"]
SETS = {"531": BASINS}
ROW = {
    "id": "a",
    "location": "Table 2",
    "quantity": "performance",
    "experiment": "ealstm_nse",
    "basins": "531",
    "members": "seeds_mean",
    "metric": "NSE",
    "statistic": "median",
    "value": "0.50",
    "spread": "0.02",
    "source": "somewhere",
    "certainty": "paper, printed",
    "description": "",
    "results": "",
}


def make_published(*changes):
    rows = [ROW | {"id": f"row{i}"} | change for i, change in enumerate(changes)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def make_metrics(medians, basins=BASINS):
    rows = [
        {"basin": basin, "member": member} | dict.fromkeys(METRICS, median + step)
        for member, median in medians.items()
        for basin, step in zip(basins, (-0.1, 0.0, 0.1), strict=False)
    ]
    return pd.DataFrame(rows)


def compare(published, ours, authors, deviations, dataset, sets, chosen=None):
    """Count tables of ours and of the authors, and judge the published numbers."""
    counted = counting.count(published, ours, sets, dataset)
    epochs = published[published["quantity"] == "epochs"].to_dict("records")
    counted += [
        {name: row[name] for name in KEY} | {"value": (chosen or {})[row["experiment"]]}
        for row in epochs
        if row["experiment"] in (chosen or {})
    ]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("ours.csv", "recomputed.csv")]
        write_numbers(counted, files[0])
        write_numbers(counting.count_whole(published, authors, sets), files[1])
        numbers = [read_numbers([path]) for path in files]
    return comparing.compare(published, *numbers, deviations, dataset)


def run_scripts(folder, published, dataset, deviations=(), **counted):
    """Run the scripts that count and compare; return the scorecard's file."""
    files = {name: folder / f"{name}.csv" for name in ("ours", "recomputed")}
    count_numbers.main(published=published, dataset=dataset, **counted, **files)
    output, files = folder / "scorecard.csv", files | {"ours": [files["ours"]]}
    how = {"deviations": dict(deviations), "dataset": dataset, "output": output}
    how["notes"] = {}
    paper = counted["paper"]
    compare_scorecard.main(published=published, paper=paper, **files, **how)
    return output


DIFFERENCE = {
    "quantity": "difference",
    "experiment": "region - basin",
    "members": "ensemble",
    "value": "0",
    "spread": "",
    "certainty": "in words",
    "source": "almost zero, ±0.01",
}

# What a page says of a paper without files.
ABOUT = {
    "title": "A paper",
    "doi": "10.1/2",
    "experiments": {"ealstm_nse": "EA-LSTM, NSE*"},
    "replayed": False,
    "authors_weights": False,
    "results": [],
    "metrics": {},
    "records": {},
}
