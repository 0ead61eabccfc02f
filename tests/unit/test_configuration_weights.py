"""The configuration that takes the authors' networks."""

import pytest
from rerunoff.numbers.files import Number
from rerunoff.protocol.deviations import deviations, notes, told
from rerunoff.protocol.resolve import overlay
from rerunoff.protocol.validate import validate
from rerunoff.scorecard.compare import compare
from unit.scorecards import make_published
from unit.test_configuration import PAPER, PAPERS, ROOT, WHOLE, merged

PRETRAINED = ROOT / "config" / "pretrained.yaml"


def check(config):
    return validate(config, PAPERS, ROOT, [*WHOLE, PRETRAINED])


@pytest.fixture
def config():
    return merged(*WHOLE, PRETRAINED)


def test_protocol_is_the_papers_and_captions_say_whose_networks(config):
    paper = check(config)[PAPER]
    assert paper.authors_weights
    assert paper.stored_simulations
    found = deviations(config, paper, ROOT)
    # Of the rows of robustness alone.
    assert found.pop("ealstm_nse") == ["robustness.simulation"]
    assert not any(found.values())
    assert told(paper, found) == (
        " The networks are the authors' own, published with the paper; here they only "
        "simulated, and nothing was trained."
    )
    assert set(notes(paper)) == set(paper.experiments)


def test_trained_networks_need_no_words(config):
    config[PAPER]["weights"] = "trained"
    config[PAPER]["stored_simulations"] = False
    paper = check(config)[PAPER]
    assert not paper.authors_weights
    assert notes(paper) == {}
    assert told(paper, {}) == ""


CASES = {
    "another paper": (
        "kratzert2019b",
        {"weights": "authors"},
        "kratzert2019b.weights is authors, but they published networks of "
        "kratzert2019a only; remove it",
    ),
    "other constants": (
        PAPER,
        {"scaling": "training"},
        "scaling is training for ealstm_nse, but the authors' networks see their own "
        "constants; set scaling: published",
    ),
    "other basins": (
        PAPER,
        {"basins": ["01022500", "02177000"]},
        "basins must be basin_list_531 with weights: authors, whose networks see "
        "attributes standardised over these basins",
    ),
    "other units": (
        PAPER,
        {"units": "region", "regions": "kratzert2018"},
        "units is region for ealstm_nse, but the authors' networks are of all basins; "
        "set units: all",
    ),
    "another network": (
        PAPER,
        {"experiments": {"lstm_mse": {"model": {"kind": "rnn"}}}},
        "model.kind is rnn for lstm_mse, but the authors' networks have ealstm, lstm; "
        "set it to that of one of them",
    ),
    "another seed": (
        PAPER,
        {"seeds": [111, 112]},
        "seeds is 112 for ealstm_nse, but the authors' networks have 111, 222, 333, "
        "444, 555, 666, 777, 888; ",
    ),
    "simulations without weights": (
        PAPER,
        {"weights": "trained"},
        "stored_simulations is true, which needs weights: authors",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_networks_do_not_fit_is_said(config, complaint, case):
    paper, keys, words = CASES[case]
    config[paper] = overlay(config[paper], keys)
    message = complaint(check, config)
    assert words in message


def test_folder_of_run_folders_must_be_there(config, complaint, tmp_path):
    config["weights_root"] = str(tmp_path)
    message = complaint(check, config)
    assert f"weights_root is {tmp_path}, which has no cfg.json at any depth" in message
    (tmp_path / "runs/run_1").mkdir(parents=True)
    (tmp_path / "runs/run_1/cfg.json").write_text("{}")
    check(config)
    config[PAPER] |= {"weights": "trained", "stored_simulations": False}
    message = complaint(check, config)
    assert "weights_root has no effect without kratzert2019a.weights: auth" in message
    config[PAPER]["weights"] = "authors"
    config["weights_root"] = f"{tmp_path}/none"
    message = complaint(check, config)
    assert f"weights_root names no folder: {tmp_path}/none; write the full" in message


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        ("0.5", "reproduced", "by their networks"),
        ("0.7", "deviates", "off by -0.2, tolerance 0.05; by their networks"),
    ],
)
def test_scorecard_says_it_of_every_number_of_ours(value, verdict, reason):
    published = make_published({"value": value, "spread": ""})
    key = ("performance", "ealstm_nse", "531", "seeds_mean", "NSE", "median")

    def judged(number, said):
        return compare(published, {key: number}, {}, {}, "camels_us", said).iloc[0]

    said = {"ealstm_nse": "by their networks"}
    row = judged(Number(value=0.5), said)
    assert (row["verdict"], row["reason"]) == (verdict, reason)
    assert "networks" not in judged(Number(value=0.5), {"lstm_nse": "x"})["reason"]
    assert judged(Number(why_not="not run"), said)["reason"] == "not run"
