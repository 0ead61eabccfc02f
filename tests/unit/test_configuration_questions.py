"""Questions: physical models, what is made of them, and comparisons, configured."""

import pytest
from rerunoff.errors import InputError
from rerunoff.protocol.deviations import deviations, told
from rerunoff.protocol.experiments import overlap
from rerunoff.protocol.resolve import resolve, run_settings
from rerunoff.protocol.validate import validate
from unit.test_configuration import QUESTIONS, ROOT, merged

FILES = [ROOT / "config" / "papers" / f"{name}.yaml" for name in QUESTIONS]
WHOLE = [ROOT / "config" / "config.yaml", *FILES]


def resolved(change=None):
    config = merged(*WHOLE)
    for path, value in (change or {}).items():
        *parts, last = path.split(".")
        node = config
        for part in parts:
            node = node[part]
        node[last] = value
    return validate(config, QUESTIONS, ROOT, WHOLE)


def test_questions_are_controlled():
    """Same basins, periods and seeds, at least three, and one thing that differs."""
    for name, paper in resolved().items():
        assert paper.values["question"].endswith("?")
        assert paper.values["comparison"]["pairs"]
        rows = [paper.experiments[name] for name in paper.active]
        assert all(len(row.seeds) >= 3 for row in rows)
        assert len({str(row.seeds) for row in rows}) == 1
        tested = {str(row.periods["test"]) for row in rows if row.dataset != "virtual"}
        assert len(tested) == 1, name


def test_what_is_derived_needs_what_it_is_made_of():
    row = resolved()["humidity"].experiments["relative"]
    assert row.derived == ["relative_humidity", "vapour_pressure_deficit"]
    assert row.variables == ["prcp", "srad", "tmax", "tmin", "vp"]
    hybrid = resolved()["hybrid"].experiments["ungauged_hbv"]
    assert set(hybrid.variables) == {"prcp", "srad", "tmax", "tmin", "vp"}


def test_settings_of_a_continued_run_name_its_start():
    paper = resolved()["pretraining"]
    assert run_settings(paper, "after_hbv_1", "all", 111).start_from == "learned_hbv_1"
    assert run_settings(paper, "drawn_1", "all", 111).start_from is None
    first = run_settings(paper, "learned_hbv_1", "all", 111)
    assert first.target == "hbv_1_year_discharge"
    hybrid = run_settings(resolved()["hybrid"], "ungauged_hbv", "fold03", 111)
    assert hybrid.inputs[4:6] == ("vp", "hbv_regional_fold03_discharge")


INPUTS = ["prcp", "tmin", "tmax", "hbv_swe"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"humidity.experiments.without.inputs": INPUTS},
            "inputs of without ask for hbv, which is no benchmark of the paper; add it",
        ),
        (
            {"hybrid.experiments.lstm_hbv.forcing": "daymet"},
            "ask for hbv, which is run with the paper's own basins",
        ),
        (
            {"hybrid.experiments.ungauged_hbv.units": "all"},
            "ask for hbv_regional, whose donors follow from folds; set units: fold",
        ),
        (
            {"hybrid.folds": None},
            "folds",
        ),
        (
            {"hybrid.experiments.refined.inputs": INPUTS},
            "of refined have 0 discharges of physical models, and lstm_refined refines",
        ),
        (
            {"pretraining.only": ["drawn_1", "after_hbv_1"]},
            "continues is learned_hbv_1, which is not run",
        ),
        (
            {"pretraining.experiments.after_hbv_1.model": {"hidden_size": 9}},
            "differs from that of learned_hbv_1, which after_hbv_1 continues",
        ),
        (
            {"pretraining.experiments.after_hbv_1.seeds": [111]},
            "is learned_hbv_1, which has other seeds than after_hbv_1",
        ),
        (
            {"snow.comparison.strata": {"by": "frac_snow", "limits": [0.3, 0.1]}},
            r"limits are \[0.3, 0.1\]; write each once, ascending",
        ),
        (
            {"snow.comparison.pairs": [{"experiment": "swe", "against": "without"}]},
            "experiment is swe, but the question has daymet_swe",
        ),
        (
            {"snow.comparison.strata": {"by": "sac_sma", "limits": [0.3]}},
            "by is sac_sma, which is not calibrated here; name hbv",
        ),
        (
            {"humidity.comparison.strata": {"by": "hbv", "limits": [0.3]}},
            "by is hbv, which is no benchmark in use; add it",
        ),
        (
            {"snow.experiments.hbv_swe.seeds": [9]},
            "pairs.1 compares experiments with other seeds; give both the same",
        ),
        (
            {
                "snow.experiments.hbv_swe.periods": {
                    "test": ["1995-10-01", "1999-09-30"]
                }
            },
            "pairs.1 compares experiments with other periods; give both the same",
        ),
        (
            {"snow.comparison.pairs": [{"experiment": "phases", "against": "phases"}]},
            "compares phases with itself; name another",
        ),
        (
            {
                "hybrid.experiments.lstm_hbv.periods": {
                    "train": ["1999-10-01", "2003-09-30"]
                }
            },
            "train of lstm_hbv does not fit 1999-10-01 to 2008-09-30, in which",
        ),
        (
            {"hybrid.experiments.ungauged_hbv.folds": 7},
            "folds of ungauged_hbv are not the paper's, of which hbv_regional takes",
        ),
        (
            {"snow.benchmarks.hbv.screened": 2},
            "starts are more than the 2 screened; try as many",
        ),
        (
            {"pretraining.experiments.learned_hbv_9.continues": "drawn_9"},
            "continues is learned_hbv_9, which continues another; name that one",
        ),
        (
            {"pretraining.experiments.after_hbv_1.continues": "learned_hbv_3"},
            "learns of hbv_3_years, calibrated on 2005-10-01 to 2008-09-30, of which",
        ),
        (
            {"pretraining.benchmarks.hbv_1_year.period": ["2008-10-01", "2009-09-30"]},
            "train of learned_hbv_1 does not fit 2008-10-01 to 2009-09-30",
        ),
        (
            {"pretraining.benchmarks.hbv_1_year.period": ["1999-01-01", "2000-12-31"]},
            "hbv_1_year.period has days of the test period; calibrate on others",
        ),
        (
            {
                "pretraining.benchmarks.hbv_1_year": {
                    **{"warmup": 1, "screened": 9, "starts": 1, "iterations": 1},
                    **{"rate": 0.1, "seed": 1},
                }
            },
            "hbv_1_year has no period, the few days that it is calibrated on; add it",
        ),
        (
            {
                "hybrid.benchmarks.hbv.period": ["2000-10-01", "2008-09-30"],
                "hybrid.only": ["ungauged", "ungauged_hbv"],
            },
            "train of ungauged_hbv does not fit 2000-10-01 to 2008-09-30, in which hbv",
        ),
        (
            {"hybrid.experiments.ungauged_hbv.target": "hbv_regional_discharge"},
            "target is of hbv_regional, which differs by fold; name hbv",
        ),
        (
            {"pretraining.experiments.after_hbv_1.continues": "drawn_9"},
            "is drawn_9, which has learned other days than after_hbv_1 shall know",
        ),
        (
            {"snow.experiments.hbv_swe.periods": {"own_start": True}},
            "train of hbv_swe does not fit",
        ),
        (
            {"hybrid.experiments.ungauged.folds": 7},
            "pairs.4 compares experiments with other folds; give both the same",
        ),
        (
            {"humidity.experiments.relative.scaling": "all_basins"},
            "pairs.1 compares experiments with other scaling; give both the same",
        ),
        (
            {
                "pretraining.comparison.pairs": [
                    {"experiment": "drawn_1", "against": "hbv"}
                ]
            },
            "pairs.0 compares drawn_1 with hbv of other days; give both the same",
        ),
        (
            {"pretraining.benchmarks.hbv.period": ["2003-10-01", "2003-09-30"]},
            "hbv.period ends .2003-09-30. before it starts",
        ),
        (
            {"pretraining.benchmarks.hbv_3_years.starts": 65},
            "hbv_3_years.starts are more than the 64 screened",
        ),
        (
            {
                "physics.experiments.lstm.periods": {
                    "test": ["1990-10-01", "1999-09-30"]
                }
            },
            "pairs.5 compares lstm with hbv of other days of the test; give both",
        ),
        (
            {"physics.experiments.lstm.forcing": "daymet"},
            "pairs.5 compares lstm with hbv of other basins, dataset or forcing; give",
        ),
        (
            {"snow.periods.train": ["1998-10-01", "2008-09-30"]},
            "periods.train of without has days of its test period; train on others",
        ),
        (
            {
                "pretraining.comparison.pairs": [
                    {"experiment": "hbv", "against": "hbv_1_year"}
                ]
            },
            "pairs.0 compares models calibrated on other days; give both the same",
        ),
        (
            {
                "pretraining.comparison.pairs": [
                    {"experiment": "learned_hbv_9", "against": "hbv"}
                ]
            },
            "compares learned_hbv_9 with hbv of other target; name a network that",
        ),
        (
            {
                "pretraining.experiments.learned_hbv_9.periods": {
                    "train": ["1989-10-01", "2008-09-30"]
                }
            },
            "",  # what HBV simulates is of all days
        ),
        (
            {"humidity.forcing": "maurer"},
            "has tmin and tmax alike, of which relative_humidity is made; take another",
        ),
        (
            {"snow.forcing": "maurer"},
            "names log_swe, which is made of swe, but maurer has prcp",
        ),
        (
            {
                "snow.experiments.phases.inputs": ["rainfall"],
                "snow.forcing": "era5_land",
            },
            "",
        ),
    ],
)
def test_faults_are_one_sentence(change, words):
    if not words:
        assert resolved(change)
        return
    with pytest.raises(InputError, match=words):
        resolved(change)


def test_published_root_of_a_question_is_that_of_the_paper_it_compares_with(tmp_path):
    (tmp_path / "kratzert2019a").mkdir()
    (tmp_path / "kratzert2019a" / "benchmarks_perbasin.csv").touch()
    told = {"published_root": str(tmp_path)}
    known = resolved(told | {"papers": ["physics"]})["physics"].benchmarks
    assert "hbv_upper" in known
    other = {"physics.periods.test": ["1992-10-01", "1999-09-30"]}
    assert resolved(other)
    with pytest.raises(InputError, match="whose metrics are of 1989-10-01 to 1999-09"):
        resolved(told | other)
    assert resolved(told | {"papers": ["snow"]})
    (tmp_path / "kratzert2019a" / "benchmarks_perbasin.csv").unlink()
    assert resolved(told | {"papers": ["snow"]})
    with pytest.raises(InputError, match=r"which has no kratzert2019a/\*.csv"):
        resolved(told | {"papers": ["physics"]})


def test_pair_is_read_by_its_keys_and_left_out_where_one_is_not_run():
    """In the order of the file every sign of an answer would be the other one."""
    pairs = [
        {"against": "without", "experiment": "daymet_swe"},
        {"experiment": "phases", "against": "without"},
    ]
    told = {"snow.comparison.pairs": pairs, "snow.only": ["without", "daymet_swe"]}
    assert resolved(told)["snow"].pairs == [("daymet_swe", "without")]


def test_caption_tells_other_virtual_catchments():
    config = merged(*WHOLE)
    config["virtual"]["number"] = 12
    paper = resolved()["pretraining"]
    found = deviations(config, paper, ROOT)
    assert {name: keys for name, keys in found.items() if keys} == {
        "learned_virtual": ["virtual.number"]
    }
    assert told(paper, found).endswith("keys of the configuration: virtual.number.")


def test_caption_tells_another_calibration_of_what_is_compared():
    change = {"snow.benchmarks.hbv.iterations": 5, "snow.benchmarks.hbv.rate": 0.2}
    config = merged(*WHOLE)
    config["snow"]["benchmarks"]["hbv"] |= {"iterations": 5, "rate": 0.2}
    paper = resolved(change)["snow"]
    words = told(paper, deviations(config, paper, ROOT))
    assert "keys of the configuration: benchmarks.hbv.iterations, " in words
    assert words.endswith("benchmarks.hbv.rate.")
    own = resolved()["snow"]
    assert not told(own, deviations(merged(*WHOLE), own, ROOT))


@pytest.mark.parametrize("more", [(), (ROOT / "config/laptop.yaml",)])
def test_networks_that_go_on_are_compared_after_the_same_training(more):
    """Else what one learned first and how long it went on would be one effect."""
    paper = resolve(merged(*WHOLE, *more), "pretraining", ROOT)
    rows = [paper.experiments.get(name) for pair in paper.pairs for name in pair]
    pairs = [
        pair
        for pair in zip(rows[::2], rows[1::2], strict=True)
        if all(row and row.continues for row in pair)
    ]
    assert len(pairs) == 6
    for one, other in pairs:
        assert (one.training, one.model) == (other.training, other.model)


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        (("1990-01-01", "1990-06-30"), False),
        (("1990-01-01", "1991-01-01"), True),
        (("1991-06-01", "1991-07-01"), True),
        (("1990-01-01", "1993-01-01"), True),
        (("1991-12-31", "1993-01-01"), True),
        (("1992-01-01", "1993-01-01"), False),
    ],
)
def test_periods_overlap_if_they_have_a_day_in_common(others, wanted):
    year = ("1991-01-01", "1991-12-31")
    assert overlap(year, others) == overlap(others, year) == wanted


def test_networks_of_equal_seeds_belong_together_by_start_or_folds():
    papers = resolved({"hybrid.only": None})
    assert papers["hybrid"].related_pairs == [
        ("ungauged_hbv", "ungauged"),
        ("ungauged_refined", "ungauged"),
        ("ungauged_ealstm_hbv", "ungauged_ealstm"),
        ("ungauged", "hbv_regional"),
        ("ungauged_hbv", "hbv_regional"),
    ]
    assert papers["pretraining"].related_pairs == [
        (f"again_{years}", f"drawn_{years}") for years in (1, 3, 9)
    ]
    assert papers["snow"].related_pairs == []
