"""Configuration: what it says of mistakes, and how it becomes settings."""

import copy
import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from rerunoff.protocol.deviations import deviations
from rerunoff.protocol.products import FORCINGS
from rerunoff.protocol.resolve import resolve, run_settings
from rerunoff.protocol.settings import RunSettings
from rerunoff.protocol.stores import stores_of
from rerunoff.protocol.units import units_of
from rerunoff.protocol.validate import validate, validate_data
from snakemake.common.configfile import load_configfile
from snakemake.utils import update_config

ROOT = Path(__file__).parents[2]
PAPER = "kratzert2019a"
QUESTIONS = ["snow", "humidity", "physics", "hybrid", "pretraining"]
# As in the Snakefile, papers and questions.
PAPERS = ["kratzert2018", PAPER, "kratzert2019b", *QUESTIONS]
FILES = [ROOT / "config" / "papers" / f"{name}.yaml" for name in PAPERS]
# The whole configuration, and what a test of one paper needs of it.
WHOLE = [ROOT / "config" / "config.yaml", *FILES]
BASE = [WHOLE[0], FILES[1]]
SCHEMAS = sorted((ROOT / "config" / "schemas").glob("*.yaml"))
# What snakemake --configfile may name: the rest are the base and the downloads.
OVERRIDES = sorted(
    path
    for path in (ROOT / "config").glob("*.yaml")
    if path.name not in ("config.yaml", "datasets.yaml")
)


def merged(*files):
    """Merge configuration files as Snakemake does."""
    config = {}
    for file in files:
        update_config(config, load_configfile(file))
    return config


@pytest.fixture(scope="module")
def base():
    return merged(*BASE)


@pytest.fixture
def config(base):
    return copy.deepcopy(base)


@pytest.fixture
def override(tmp_path):
    """Write YAML, lay it over the base; return the file and the configuration."""

    def lay(text):
        path = tmp_path / "my.yaml"
        path.write_text(text)
        return path, merged(*BASE, path)

    return lay


def check(config, *more):
    """Validate one paper, as if the other were not asked for."""
    config = {**config, "papers": [PAPER]}
    paper = validate(config, [PAPER], ROOT, [*BASE, *more])[PAPER]
    validate_data(config, paper, paper.own, [*BASE, *more])
    return paper


def check_whole(config, *more):
    """Validate and resolve all papers, as the Snakefile does."""
    papers = validate(config, PAPERS, ROOT, [*WHOLE, *more])
    for name in config["papers"]:
        for data in stores_of(papers[name]).values():
            validate_data(config, papers[name], data, [*WHOLE, *more])
    return papers


def resolved(config, name=PAPER):
    """Resolve one paper."""
    return resolve(config, name, ROOT)


def paper(text):
    return f"{PAPER}: {{{text}}}"


NOISY = "robustness: {experiment: ealstm_nse}"
# What a user writes, the dotted key of the message, and words of the rest.
MISTAKES = {
    "unknown key": ("treads: 2", "treads", "is not a known key; known here: data_root"),
    "unknown paper": ("kratzert2020: {seeds: [1]}", "kratzert2020", "is not a known"),
    "unknown key of the paper": (
        paper("sedes: [1]"),
        "kratzert2019a.sedes",
        "is not a known key; known here: attributes, basins",
    ),
    "unknown key of the model": (
        paper("model: {hiddensize: 5}"),
        "kratzert2019a.model.hiddensize",
        "is not a known key; known here: dropout, forget_bias, hidden_size",
    ),
    "unknown key of an experiment": (
        paper("experiments: {lstm_nse: {training: {lr: 1}}}"),
        "kratzert2019a.experiments.lstm_nse.training.lr",
        "is not a known key",
    ),
    "wrong type": (
        "threads: two",
        "threads",
        "is wrong: 'two' is not of type 'integer'",
    ),
    "too small": ("threads: 0", "threads", "is wrong: 0 is less than the minimum of 1"),
    "wrong type in the paper": (
        paper("training: {epochs: many}"),
        "kratzert2019a.training.epochs",
        "is wrong: 'many' is not of type 'integer'",
    ),
    "number that YAML reads as text": (
        paper("training: {clip_norm: 1e-3}"),
        "kratzert2019a.training.clip_norm",
        "is wrong: '1e-3' is not of type 'number', 'null'; write a number without "
        "quotes, with a point before e (1.0e-3)",
    ),
    "whole number with a point": (
        paper("training: {epochs: 2.0}"),
        "kratzert2019a.training.epochs",
        "is wrong: 2.0 is not of type 'integer'; write 2",
    ),
    "seed with a point": (
        paper("seeds: [1.11e+2]"),
        "kratzert2019a.seeds.0",
        "is wrong: 111.0 is not of type 'integer'; write 111",
    ),
    "unknown choice": (
        "device: tpu",
        "device",
        "is wrong: 'tpu' is not one of ['auto', 'cpu', 'cuda']",
    ),
    "noise on an unknown experiment": (
        paper("robustness: {experiment: gru}"),
        "kratzert2019a.robustness.experiment",
        "is none of ealstm_nse, ealstm_mse, lstm_nse",
    ),
    "noise on no attributes": (
        paper("robustness: {experiment: lstm_no_static_nse}"),
        "kratzert2019a.robustness.experiment",
        "is lstm_no_static_nse, whose networks see no attributes; name another",
    ),
    "noise on another kind of network": (
        paper(f"{NOISY}, experiments: {{ealstm_nse: {{model: {{kind: rnn}}}}}}"),
        "kratzert2019a.robustness.experiment",
        "is ealstm_nse, but needs an LSTM or an EA-LSTM that learns all basins; name",
    ),
    "noise on held-out basins": (
        paper(f"{NOISY}, experiments: {{ealstm_nse: {{units: fold, folds: 2}}}}"),
        "kratzert2019a.robustness.experiment",
        "is ealstm_nse, but needs an LSTM or an EA-LSTM that learns all basins; name",
    ),
    "noise on layers": (
        paper(
            "robustness: {experiment: lstm_nse}, model: {layers: 2}, "
            "experiments: {ealstm_nse: {model: {layers: 1}}, "
            "ealstm_mse: {model: {layers: 1}}}"
        ),
        "kratzert2019a.robustness.experiment",
        "is lstm_nse, but needs a network of one layer; name another",
    ),
    "negative noise": (
        paper("robustness: {levels: [-0.1]}"),
        "kratzert2019a.robustness.levels.0",
        "is wrong: -0.1 is less than the minimum of 0",
    ),
    "paper that is no mapping": (f"{PAPER}: 5", PAPER, "5 is not of type 'object'"),
    "unknown forcing": (
        paper("forcing: gridmet"),
        "kratzert2019a.forcing",
        "'gridmet' is not one of ['daymet', 'maurer', 'maurer_extended'",
    ),
    "forcing of another dataset": (
        paper("forcing: era5_land, scaling: training"),
        "kratzert2019a.forcing",
        "is era5_land, but dataset camels_us has daymet, maurer, maurer_extended",
    ),
    "dates swapped": (
        paper('periods: {train: ["2008-09-30", "1999-10-01"]}'),
        "kratzert2019a.periods.train",
        "ends (1999-10-01) before it starts (2008-09-30); swap them",
    ),
    "hydrograph dates swapped": (
        paper('figures: {hydrographs: {period: ["1996-09-30", "1995-10-01"]}}'),
        "kratzert2019a.figures.hydrographs.period",
        "ends (1995-10-01) before it starts (1996-09-30); swap them",
    ),
    "impossible date": (
        paper('periods: {test: ["1989-10-01", "1999-09-31"]}'),
        "kratzert2019a.periods.test",
        "is no date: day is out of range for month",
    ),
    "date in another form": (
        paper('periods: {test: ["1989-10-01", "30.9.1999"]}'),
        "kratzert2019a.periods.test.1",
        "is wrong: '30.9.1999' does not match",
    ),
    "date without quotes": (
        paper('periods: {test: [1989-10-01, "1999-09-30"]}'),
        "kratzert2019a.periods.test.0",
        "is not of type 'string'; write it in quotes",
    ),
    "one day for a period": (
        paper('periods: {test: ["1989-10-01"]}'),
        "kratzert2019a.periods.test",
        "is too short",
    ),
    "basin without quotes": (
        paper("basins: [11532500]"),
        "kratzert2019a.basins.0",
        "is wrong: 11532500 is not of type 'string'; write it in quotes",
    ),
    "basin twice": (
        paper('basins: ["01022500", "01022500"]'),
        "kratzert2019a.basins",
        "has non-unique elements",
    ),
    "unknown name in only": (
        paper("only: [lstm_nse, gru_nse]"),
        "kratzert2019a.only",
        "names gru_nse, but the paper has ealstm_nse, ealstm_mse",
    ),
    "unknown name in hydrographs": (
        paper("figures: {hydrographs: {experiments: [gru_nse]}}"),
        "kratzert2019a.figures.hydrographs.experiments",
        "names gru_nse, but the paper has ealstm_nse, ealstm_mse",
    ),
    "caravan without a folder": (
        paper("forcing: era5_land, scaling: training")
        + "\ndataset: caravan\ndata_root: null",
        "data_root",
        "must name a folder in the Caravan layout when dataset is caravan",
    ),
    "folder that is not there": (
        "data_root: /no/such/folder",
        "data_root",
        "names no folder: /no/such/folder; write the full path of the data's folder",
    ),
    "EA-LSTM without statics": (
        paper("experiments: {ealstm_mse: {model: {static: false}}}"),
        "kratzert2019a.experiments.ealstm_mse.model.static",
        "must be true for an EA-LSTM, whose input gate sees the attributes",
    ),
    "no attributes": (
        paper("attributes: []"),
        "kratzert2019a.attributes",
        "is empty, but ealstm_nse has model.static: true",
    ),
    "no rate for epoch 1": (
        paper("training: {learning_rate: [{from_epoch: 2, rate: 0.1}]}"),
        "kratzert2019a.training.learning_rate",
        "needs a rate from_epoch: 1",
    ),
    "a misspelled input": (
        paper("inputs: [prcp, tmx], scaling: training"),
        "kratzert2019a.inputs",
        "names tmx, but maurer_extended has prcp, srad, tmax, tmin, vp, dayl; correct "
        "it, or the key forcing.",
    ),
    "an input that is filled in another product": (
        paper("forcing: nldas, inputs: [prcp, swe], scaling: training"),
        "kratzert2019a.inputs",
        "names swe, but nldas has prcp, srad, tmax, tmin, vp, dayl; correct",
    ),
    "other inputs with the published scaling": (
        paper("inputs: [prcp, dayl]"),
        "kratzert2019a.published_scaling.input_mean",
        "has no dayl, which is one of the inputs; add its number, or set scaling: "
        "training",
    ),
    "a number for a list of rates": (
        paper("training: {learning_rate: 1e-3}"),
        "kratzert2019a.training.learning_rate",
        "is wrong: '1e-3' is not of type 'array'; write learning_rate: "
        "[{from_epoch: 1, rate: 1.0e-3}].",
    ),
    "a number in the list of rates": (
        paper("training: {learning_rate: [1.0e-3]}"),
        "kratzert2019a.training.learning_rate.0",
        "is wrong: 0.001 is not of type 'object'; write learning_rate: "
        "[{from_epoch: 1, rate: 1.0e-3}].",
    ),
    "one seed": (
        paper("seeds: 111"),
        "kratzert2019a.seeds",
        "is wrong: 111 is not of type 'array'; write a list, seeds: [111].",
    ),
    "one experiment": (
        paper("only: lstm_nse"),
        "kratzert2019a.only",
        "'lstm_nse' is not of type 'array', 'null'; write a list, only: [lstm_nse].",
    ),
    "one day without a list": (
        paper('periods: {test: "1989-10-01"}'),
        "kratzert2019a.periods.test",
        'is not of type \'array\'; write test: ["1999-10-01", "2008-09-30"].',
    ),
    "one basin without quotes": (
        paper("basins: 11532500"),
        "kratzert2019a.basins",
        'write basins: ["01022500", "03439000"].',
    ),
    "constants as a list": (
        paper("published_scaling: {input_mean: [3.2, 372.0]}"),
        "kratzert2019a.published_scaling.input_mean",
        "is not of type 'object'; write input_mean: {prcp: 3.2, srad: 372.0}.",
    ),
    "an infinite constant": (
        paper("published_scaling: {input_std: {prcp: .inf}}"),
        "kratzert2019a.published_scaling.input_std.prcp",
        "is inf; write a finite number.",
    ),
    "a constant that is no number": (
        paper("published_scaling: {output_std: .nan}"),
        "kratzert2019a.published_scaling.output_std",
        "is nan; write a finite number.",
    ),
    "a constant of zero": (
        paper("published_scaling: {input_std: {prcp: 0}}"),
        "kratzert2019a.published_scaling.input_std.prcp",
        "is wrong: 0 is less than or equal to the minimum of 0.",
    ),
    "a standard deviation of zero": (
        paper("published_scaling: {output_std: 0}"),
        "kratzert2019a.published_scaling.output_std",
        "is wrong: 0 is less than or equal to the minimum of 0.",
    ),
    "an infinite rate": (
        paper("training: {learning_rate: [{from_epoch: 1, rate: .inf}]}"),
        "kratzert2019a.training.learning_rate.0.rate",
        "is inf; write a finite number.",
    ),
    "hydrographs outside of the test period": (
        paper('figures: {hydrographs: {period: ["1998-10-01", "1999-10-01"]}}'),
        "kratzert2019a.figures.hydrographs.period",
        "is 1998-10-01 to 1999-10-01, which is not within periods.test (1989-10-01 to "
        "1999-09-30); set it to days of the test period",
    ),
    "hydrograph basin outside of the list": (
        paper(
            'basins: ["01022500"], figures: {hydrographs: {basins: ["01022500", '
            '"03439000"]}}'
        ),
        "kratzert2019a.figures.hydrographs.basins",
        "names 03439000, which is not in the list basins; set it to basins of",
    ),
    "file of basins that is not there": (
        paper("basins: my_basins.txt"),
        "kratzert2019a.basins",
        '; correct the path, or write a list of ids (["01022500"]), all or basin_list',
    ),
    "one basin for a file": (
        paper('basins: "11532500"'),
        "kratzert2019a.basins",
        'or write a list of ids (["11532500"]), all or basin_list_531',
    ),
    "published list of virtual catchments": (
        "dataset: virtual\n" + paper("basins: basin_list_531"),
        "kratzert2019a.basins",
        "is basin_list_531, a list of CAMELS US; set it to all when dataset is virtual",
    ),
    "folder for virtual catchments": (
        "dataset: virtual\ndata_root: /data",
        "data_root",
        "must be null when dataset is virtual, whose catchments are generated; set it",
    ),
    "published results that are not there": (
        "published_root: /no/such/folder",
        "published_root",
        "names no folder: /no/such/folder; write its full path, or null",
    ),
    "EA-LSTM without statics in the whole paper": (
        paper("model: {static: false}"),
        "kratzert2019a.model.static",
        "must be true for an EA-LSTM",
    ),
}


@pytest.mark.parametrize(("text", "key", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named(override, complaint, text, key, words):
    path, config = override(text)
    # A default that the user's value does not fit is named where it stands.
    own = not words.startswith("has no dayl")
    file = path if own else BASE[1]
    message = complaint(check, config, path)
    assert message.startswith(f"{file}: {key} ")
    assert words in message


def test_caravan_without_data_root_names_the_file_that_leaves_it_empty(
    override, complaint
):
    path, config = override(
        paper("forcing: era5_land, scaling: training") + "\ndataset: caravan"
    )
    message = complaint(check, config, path)
    assert message.startswith(f"{BASE[0]}: data_root must name a folder")


def test_mistake_on_the_command_line_is_named(config, complaint):
    config["treads"] = 2
    assert complaint(check, config).startswith("--config: treads is not a known key")


def test_last_file_that_sets_a_key_is_named(override, tmp_path, complaint):
    first = tmp_path / "first.yaml"
    first.write_text("threads: 1\ndevice: tpu\n")
    path, _ = override("threads: 0")
    config = merged(*BASE, first, path)
    config["device"] = "cpu"
    assert complaint(check, config, first, path).startswith(f"{path}: threads ")
    config = {**config, "threads": 1, "device": "tpu"}
    assert complaint(check, config, first, path).startswith(f"{first}: device ")


@pytest.mark.parametrize("key", ["threads", "seeds"])
def test_value_that_the_command_line_replaced_is_named(override, complaint, key):
    path, config = override("threads: 2\n" + paper("seeds: [1, 2]"))
    if key == "threads":
        config["threads"] = 0
    else:
        config[PAPER]["seeds"] = [1, -2]
    words = (
        "--config: threads " if key == "threads" else "--config: kratzert2019a.seeds.1 "
    )
    assert complaint(check, config, path).startswith(words)


def test_missing_key_is_named(config, complaint):
    del config["fetch"]
    assert "'fetch' is a required property" in complaint(check, config)


@pytest.mark.parametrize(
    ("section", "key", "user"),
    [("model", "dropout", "ealstm_nse"), ("training", "loss", "ealstm_nse")],
)
def test_missing_hyperparameter_is_named(config, complaint, section, key, user):
    del config[PAPER][section][key]
    message = complaint(check, config)
    assert message == f"{BASE[1]}: {PAPER}.{section} lacks {key}, needed by {user}."


def test_the_papers_own_configuration_is_valid(config):
    check(config)


def data_folder(folder, config):
    """Make the folders and empty files that a configuration's data_root must hold."""
    names = ["timeseries", "attributes"]
    if config["dataset"] == "camels_us":
        papers = [name for name in PAPERS if name in config]
        products = {config[name]["forcing"] for name in papers}
        names = [f"basin_mean_forcing/{product}" for product in sorted(products)]
        names += ["usgs_streamflow", "camels_attributes_v2.0"]
    for name in names:
        (folder / name).mkdir(parents=True)
    if config["dataset"] == "camels_us":
        for table in CAMELS_TABLES:
            (folder / names[-1] / table).touch()
        (folder / "basin_list_531.txt").touch()
    return folder


@pytest.mark.parametrize("path", OVERRIDES, ids=lambda path: path.name)
def test_every_configuration_file_is_valid(path, tmp_path):
    # Some are laid over another.
    below = [ROOT / "config/laptop.yaml"] if path.stem == "laptop_extra" else []
    config = merged(*WHOLE, *below, path)
    if config["dataset"] != "virtual":
        config["data_root"] = str(data_folder(tmp_path, config))
    papers = check_whole(config, path)
    # Of a question the forcing is that of camels_us, unless the file says otherwise.
    for paper in (papers[name] for name in config["papers"]):
        row = paper.experiments[paper.active[0]]
        unit, seed = units_of(row)[0], row.seeds[0]
        forcing = run_settings(paper, row.name, unit, seed).forcing
        assert forcing in FORCINGS[config["dataset"]]


def test_list_of_downloads_is_valid():
    schema = yaml.safe_load((ROOT / "config/schemas/datasets.schema.yaml").read_text())
    datasets = yaml.safe_load((ROOT / "config/datasets.yaml").read_text())
    jsonschema.validate(datasets, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_schema_is_valid(path):
    schema = yaml.safe_load(path.read_text())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def undescribed(schema, node, path=()):
    """Yield the dotted names of properties without a description, own or by $ref."""
    if isinstance(node, list):
        for item in node:
            yield from undescribed(schema, item, path)
    if not isinstance(node, dict):
        return
    for name, item in node.get("properties", {}).items():
        target = schema
        for part in item.get("$ref", "#").split("/")[1:]:
            target = target[part]
        described = target.get("description") if "$ref" in item else None
        if not item.get("description", described):
            yield ".".join((*path, name))
    for name, item in node.items():
        nested = path if name in ("properties", "$defs") else (*path, name)
        yield from undescribed(schema, item, nested)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_key_is_described(path):
    schema = yaml.safe_load(path.read_text())
    assert list(undescribed(schema, schema)) == []


def test_defaults_become_settings(config):
    settings = run_settings(resolved(config), "lstm_nse", "all", "222")
    assert settings.seed == 222
    assert settings.inputs == ("prcp", "srad", "tmax", "tmin", "vp")
    assert len(settings.attributes) == 27
    assert settings.train_period == ("1999-10-01", "2008-09-30")
    assert settings.model.kind == "lstm"
    assert settings.model.hidden_size == 256
    assert settings.scaling["output_mean"] == 1.49996196
    assert settings.scaling["output_std"] == 3.62443672
    rates = [settings.training.rate(epoch) for epoch in (1, 10, 11, 20, 21, 30)]
    assert rates == [1e-3, 1e-3, 5e-4, 5e-4, 1e-4, 1e-4]


def test_published_constants_come_in_the_order_of_the_inputs(config):
    config[PAPER]["inputs"] = ["vp", "prcp", "tmin"]
    scaling = run_settings(resolved(config), "lstm_nse", "all", 111).scaling
    assert scaling["input_mean"] == [924.98004197, 3.17563234, 3.97393362]
    assert scaling["input_std"] == [629.44576432, 6.94344737, 10.3940032]


def test_experiment_is_laid_over_the_paper(config):
    default = run_settings(resolved(config), "lstm_nse", "all", 111)
    mse = run_settings(resolved(config), "ealstm_mse", "all", 111)
    assert (mse.training.loss, mse.model.kind) == ("mse", "ealstm")
    assert dataclasses.replace(mse.training, loss="nse") == default.training
    assert dataclasses.replace(mse.model, kind="lstm") == default.model
    blind = run_settings(resolved(config), "lstm_no_static_nse", "all", 111)
    assert blind.attributes == ()


def test_user_is_laid_over_paper_and_experiment(override):
    text = "model: {hidden_size: 8}, experiments: {lstm_mse: {training: {epochs: 2}}}"
    path, config = override(paper(text))
    check(config, path)
    one = run_settings(resolved(config), "lstm_mse", "all", 111)
    other = run_settings(resolved(config), "lstm_nse", "all", 111)
    assert (one.training.epochs, one.training.loss) == (2, "mse")
    assert (other.training.epochs, other.training.loss) == (30, "nse")
    assert one.model == other.model
    assert one.model.hidden_size == 8
    assert one.model.sequence_length == 270


@pytest.mark.parametrize("whose", ["training", "all_basins"])
def test_scaling_by_the_training_period_has_no_constants(override, whose):
    path, config = override(paper(f"scaling: {whose}"))
    check(config, path)
    assert run_settings(resolved(config), "lstm_nse", "all", 111).scaling == whose


def test_test_period_is_no_part_of_a_run(override, config):
    _, other = override(paper('periods: {test: ["1990-10-01", "1999-09-30"]}'))
    names = ("lstm_nse", "all", 111)
    assert run_settings(resolved(other), *names) == run_settings(
        resolved(config), *names
    )


@pytest.mark.parametrize("experiment", ["ealstm_nse", "lstm_no_static_mse"])
def test_settings_survive_json(config, experiment):
    settings = run_settings(resolved(config), experiment, "all", 111)
    text = json.dumps(settings.to_dict())
    assert json.loads(text) == settings.to_dict()
    assert RunSettings.from_dict(json.loads(text)) == settings


@pytest.mark.parametrize(
    ("experiment", "unit", "seed", "words"),
    [
        ("gru", "all", 111, "has no experiment gru; it has ealstm_nse, ealstm_mse"),
        ("lstm_nse", "huc01", 111, "has no unit huc01; it has all"),
        ("lstm_nse", "all", 112, "has no seed 112; it has 111, 222, 333"),
    ],
)
def test_unknown_run_is_named(config, complaint, experiment, unit, seed, words):
    message = complaint(run_settings, resolved(config), experiment, unit, seed)
    assert message.startswith(f"{PAPER} {words}")


def test_experiment_outside_of_only_is_unknown(override, complaint):
    _, config = override(paper("only: [lstm_nse, ealstm_nse]"))
    assert resolved(config).active == ["ealstm_nse", "lstm_nse"]
    message = complaint(run_settings, resolved(config), "lstm_mse", "all", 111)
    assert (
        message == f"{PAPER} has no experiment lstm_mse; it has ealstm_nse, lstm_nse."
    )


def test_papers_own_protocol_does_not_deviate(config):
    assert not any(deviations(config, resolved(config), ROOT).values())


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("training: {epochs: 2}", ["training.epochs"]),
        ("training: {epochs: 30}", []),
        ("only: [lstm_nse], figures: {hydrographs: {basins: null}}", []),
        (
            'seeds: [1], periods: {test: ["1990-10-01", "1999-09-30"]}, basins: ["01"]'
            ", figures: {hydrographs: {basins: null}}",
            ["basins", "periods.test", "seeds"],
        ),
        (
            "experiments: {lstm_nse: {model: {dropout: 0.0}}, lstm_mse: {seeds: [1]}}, "
            "scaling: training",
            ["model.dropout", "scaling"],
        ),
        ("inputs: [vp, prcp]", ["inputs"]),
        ("experiments: {lstm_nse: {model: {static: false}}}", ["model.static"]),
        ("published_scaling: {output_std: 3.0}", ["published_scaling.output_std"]),
        ("experiments: {lstm_nse: {attributes: [p_mean]}}", ["attributes"]),
    ],
)
def test_deviations_are_the_changed_keys(override, text, keys):
    path, config = override(paper(text))
    found = deviations(config, check(config, path), ROOT)
    assert found["lstm_nse"] == keys


def test_other_noise_is_a_deviation_of_its_experiment_alone(override):
    text = "robustness: {draws: 9, simulation: continuous}"
    path, config = override(paper(text))
    found = deviations(config, check(config, path), ROOT)
    assert found.pop("ealstm_nse") == ["robustness.draws", "robustness.simulation"]
    assert not any(found.values())
    path, config = override(paper("robustness: {experiment: lstm_nse}"))
    assert not any(deviations(config, check(config, path), ROOT).values())


def test_long_windows_are_never_shown_as_the_papers_protocol():
    """Of each network that a laptop trains the scorecard says what differs."""
    config = merged(*WHOLE, ROOT / "config/laptop.yaml")
    for paper in ("kratzert2019a", "kratzert2019b"):
        own = resolve(config, paper, ROOT)
        found = deviations(config, own, ROOT)
        for name in own.active:
            assert {
                "training.predicted_days",
                "training.batch_size",
                "model.hidden_size",
                "simulation",
            } <= set(found[name])
            assert ("forcing" in found[name]) == (paper == "kratzert2019b")


def test_an_override_does_not_change_the_order_of_experiments(config):
    rows = config[PAPER]["experiments"]
    names = list(rows)
    config[PAPER]["experiments"] = {names[-1]: rows[names[-1]]} | rows
    assert list(config[PAPER]["experiments"]) != names
    assert list(resolved(config).experiments) == names
