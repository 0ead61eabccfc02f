"""What the configuration says of experiments, of their units and of figures."""

import pytest
from unit.test_configuration import FILES, WHOLE, check_whole, merged

PAPER = "kratzert2018"


@pytest.fixture
def override(tmp_path):
    """Lay keys of the paper over the configuration; return file and configuration."""

    def lay(text):
        path = tmp_path / "my.yaml"
        path.write_text(f"{PAPER}: {{{text}}}\n")
        return path, merged(*WHOLE, path)

    return lay


IN_NONE = "which is in none of the regions; name "
OUTSIDE = "which is not within periods.test (1995-10-01 to 2014-09-30); set it to days"
EARLY = 'period: ["1994-10-01", "1996-09-30"]'
LAYERS = "model: {layers: 1}"
STARTS = "; the experiments are "

# What a user writes, the dotted key below the paper, and words of the rest.
MISTAKES = {
    "region units without regions": (
        'regions: null, basins: ["01022500", "02177000", "07196900", "13340600"]',
        "experiments.region.units",
        "is region, needed by region, but the key regions is empty.",
    ),
    "basin units without basins": (
        "regions: null, basins: all, experiments: {region: {units: basin}}",
        "units",
        "is basin, needed by basin, but no basins are named; set regions, or list ids",
    ),
    "basins of regions that are not there": (
        "regions: null, units: all, experiments: {region: {units: all}, fine_tuned: "
        "{units: basin, basins: ['01']}, rnn: {units: basin}, example: {units: basin}}",
        "basins",
        "is regions, but the key regions is empty.",
    ),
    "restricted regions": (
        'experiments: {region: {basins: ["01022500"]}}',
        "experiments.region.basins",
        "has no effect on region, whose unit is region; set regions.",
    ),
    "start that does not exist": (
        "experiments: {fine_tuned: {start_from: regional}}",
        "experiments.fine_tuned.start_from",
        f"is regional, which is not run{STARTS}basin, region, fine_tuned, rnn.",
    ),
    "start that is not run": (
        "only: [basin, fine_tuned]",
        "experiments.fine_tuned.start_from",
        f"is region, which is not run{STARTS}basin, fine_tuned.",
    ),
    "start on single basins": (
        "experiments: {fine_tuned: {start_from: basin}}",
        "experiments.fine_tuned.start_from",
        "is basin, whose unit is not region.",
    ),
    "fine-tuned region": (
        "experiments: {fine_tuned: {units: region, start_from: region}}",
        "experiments.fine_tuned.start_from",
        "needs the unit basin for fine_tuned.",
    ),
    "dropout between one layer": (
        LAYERS,
        "model.layer_dropout",
        "must be 0 for basin, which has one layer.",
    ),
    "dropout between one layer of an experiment": (
        "experiments: {region: {model: {layers: 1, layer_dropout: 0.2}}}",
        "experiments.region.model.layer_dropout",
        "must be 0 for region, which has one layer.",
    ),
    "one layer of an experiment": (
        "experiments: {region: {model: {layers: 1}}}",
        "model.layer_dropout",
        "must be 0 for region, which has one layer.",
    ),
    "epochs beyond the training": (
        "figures: {hydrograph_epochs: {epochs: [1, 60]}}",
        "figures.hydrograph_epochs.epochs",
        "names 60, but basin is trained for 50 epochs; name none beyond.",
    ),
    "layered EA-LSTM": (
        "attributes: [p_mean], experiments: {region: {model: "
        "{kind: ealstm, static: true, layers: 2}}}",
        "experiments.region.model.layers",
        "must be 1 for region, an EA-LSTM.",
    ),
    "EA-LSTM as Keras draws it": (
        "attributes: [p_mean], experiments: {region: {model: {kind: ealstm, "
        "static: true, layers: 1, layer_dropout: 0.0, initialisation: keras}}}",
        "experiments.region.model.initialisation",
        "must be papers or uniform for region.",
    ),
    "snow of a benchmark that is left out": (
        "benchmarks: {sac_sma: {forcing: null}}",
        "figures.cell_state.swe",
        "is sac_sma, but benchmarks.sac_sma.forcing is null; set it to forcing or "
        "degree_day.",
    ),
    "cells of a network without cells": (
        "figures: {cell_state: {experiment: rnn}}",
        "figures.cell_state.experiment",
        "needs an LSTM, which has cell states.",
    ),
    "unknown experiment of a figure": (
        "figures: {hydrograph_epochs: {experiment: gru}}",
        "figures.hydrograph_epochs.experiment",
        "is none of basin, region, fine_tuned, rnn, example.",
    ),
    "unknown experiment of the cells": (
        "figures: {cell_state: {experiment: gru}}",
        "figures.cell_state.experiment",
        "is none of basin, region, fine_tuned, rnn, example.",
    ),
    "region in a figure of one basin": (
        "figures: {hydrograph_epochs: {experiment: region}}",
        "figures.hydrograph_epochs.experiment",
        "needs an experiment with the unit basin.",
    ),
    "unknown experiment that selects epochs": (
        "epoch_selection: {epochs: {gru: 5}}",
        "epoch_selection.epochs.gru",
        "names no experiment that starts afresh; they are basin, region, rnn, example.",
    ),
    "fine-tuned experiment that selects epochs": (
        "epoch_selection: {epochs: {fine_tuned: 5}}",
        "epoch_selection.epochs.fine_tuned",
        "names no experiment that starts afresh; they are basin, region, rnn, example.",
    ),
    "unknown region that selects epochs": (
        "epoch_selection: {regions: [huc99]}",
        "epoch_selection.regions",
        "names huc99, which basin does not have; it has huc01, huc03, huc11, huc17.",
    ),
    "region of none of the basins that select epochs": (
        "epoch_selection: {epochs: {rnn: 5}, regions: [huc01]}",
        "epoch_selection.regions",
        "names no region of the basins of rnn; name theirs.",
    ),
    "regions of networks that know none": (
        "epoch_selection: {epochs: {mine: 5}, regions: [huc01]}, "
        "experiments: {mine: {title: M, units: all}}",
        "epoch_selection.regions",
        "has no effect on mine, whose unit is all; set null.",
    ),
    "experiment's dates swapped": (
        'experiments: {example: {periods: {test: ["2010-09-30", "2000-10-01"]}}}',
        "experiments.example.periods.test",
        "ends (2000-10-01) before it starts (2010-09-30); swap them.",
    ),
    "experiment's unknown period": (
        'experiments: {basin: {periods: {valid: ["2010-09-30", "2000-10-01"]}}}',
        "experiments.basin.periods.valid",
        "is not a known key; known here: own_start, test, train.",
    ),
    **{
        f"{key} before the test period": (
            f"figures: {{{key}: {{{EARLY}}}}}",
            f"figures.{key}.period",
            f"is 1994-10-01 to 1996-09-30, {OUTSIDE}",
        )
        for key in ("hydrographs", "hydrograph_epochs", "rnn_vs_lstm", "cell_state")
    },
}
# Where a value of the paper's own file does not fit the user's.
OWN = {"figures.cell_state.swe", "model.layer_dropout", "units", "basins"}
OWN |= {"experiments.region.units"}


@pytest.mark.parametrize(("text", "key", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named(override, complaint, text, key, words):
    path, config = override(text)
    named = FILES[0] if key in OWN or text.startswith("only") else path
    message = complaint(check_whole, config, path)
    assert message.startswith(f"{named}: {PAPER}.{key} ")
    assert words in message


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("hydrograph_epochs", f"is 99999999, {IN_NONE}one of them."),
        ("rnn_vs_lstm", f"is 99999999, {IN_NONE}one of them."),
        ("cell_state", f"is 99999999, {IN_NONE}one of them."),
    ],
)
def test_figure_of_a_basin_in_no_region_is_named(override, complaint, key, words):
    path, config = override(f'figures: {{{key}: {{basin: "99999999"}}}}')
    message = complaint(check_whole, config, path)
    assert message == f"{path}: {PAPER}.figures.{key}.basin {words}"


def test_hydrographs_of_a_basin_in_no_region_are_named(override, complaint):
    path, config = override(
        'figures: {hydrographs: {basins: ["01022500", "99999999"]}}'
    )
    assert complaint(check_whole, config, path) == (
        f"{path}: {PAPER}.figures.hydrographs.basins names 99999999, "
        f"{IN_NONE}some of theirs, or set it to null for the first four."
    )


def test_basins_of_an_experiment_in_no_region_are_named(override, complaint):
    path, config = override('experiments: {rnn: {basins: ["13340600", "99999999"]}}')
    assert complaint(check_whole, config, path) == (
        f"{path}: {PAPER}.experiments.rnn.basins names 99999999, "
        f"{IN_NONE}some of theirs."
    )


def test_figure_of_a_basin_that_its_experiment_leaves_out_is_named(override, complaint):
    path, config = override('figures: {rnn_vs_lstm: {basin: "01022500"}}')
    assert complaint(check_whole, config, path) == (
        f"{path}: {PAPER}.figures.rnn_vs_lstm.basin is 01022500, but rnn has the "
        "basins 13340600."
    )


def test_first_four_hydrographs_need_no_region(override):
    path, config = override("figures: {hydrographs: {basins: null}}")
    check_whole(config, path)


def test_regions_that_are_not_there_are_named(override, complaint):
    path, config = override("regions: no_such_list")
    message = complaint(check_whole, config, path)
    assert message.startswith("no_such_list: no readable table of regions (")
    assert "name a list in config/basins, or a file with the columns" in message


def test_snow_of_a_product_that_has_none_is_named(override, complaint):
    path, config = override("forcing: nldas, figures: {cell_state: {swe: forcing}}")
    assert complaint(check_whole, config, path) == (
        f"{path}: {PAPER}.figures.cell_state.swe is forcing, but nldas has no snow; "
        "set it to sac_sma or degree_day."
    )
    config[PAPER]["forcing"] = "daymet"
    check_whole(config, path)
