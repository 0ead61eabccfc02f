"""Published numbers and metrics to compare, small and made by hand."""

import pandas as pd
from rerunoff.evaluation.summary import METRICS
from rerunoff.scorecard.published import COLUMNS

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
    "results": [],
    "metrics": {},
    "records": {},
}
