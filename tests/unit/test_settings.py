"""Settings as plain values, and the defaults that runs do not say."""

import dataclasses

from rerunoff.protocol.settings import ModelSettings, RunSettings, TrainingSettings

# Each new field is added here with the value that stands for "as before".
DEFAULTS = {
    "RunSettings": {"fold": None, "target": "discharge"},
    "ModelSettings": {},
    "TrainingSettings": {"predicted_days": 1},
}

SETTINGS = RunSettings(
    paper="kratzert2019b",
    experiment="lstm_static",
    unit="all",
    seed=1,
    forcing="nldas",
    inputs=("prcp", "tmax"),
    attributes=(),
    basins=None,
    train_period=("1999-10-01", "2008-09-30"),
    own_start=False,
    start_from=None,
    scaling={"input_mean": [1.0, 2.0]},
    model=ModelSettings("lstm", True, 1, 8, 30, 0.0, 0.4, 5.0, "papers"),
    training=TrainingSettings("nse", 0.1, 2, 64, ({"from_epoch": 1, "rate": 1.0},), 1),
)


def test_defaults_never_change_because_runs_do_not_say_them():
    found = {
        kind.__name__: {
            field.name: field.default
            for field in dataclasses.fields(kind)
            if field.default is not dataclasses.MISSING
        }
        for kind in (RunSettings, ModelSettings, TrainingSettings)
    }
    assert found == DEFAULTS


def test_fields_at_their_default_are_left_out_and_come_back():
    values = SETTINGS.to_dict()
    assert "fold" not in values
    assert SETTINGS.to_dict(full=True) == values | DEFAULTS["RunSettings"] | {
        "training": values["training"] | DEFAULTS["TrainingSettings"]
    }
    assert RunSettings.from_dict(values) == SETTINGS
    fold = {"index": 0, "number": 2, "random_state": 200}
    folded = dataclasses.replace(SETTINGS, fold=fold)
    assert folded.to_dict()["fold"] == fold
    assert RunSettings.from_dict(folded.to_dict()) == folded


def test_plain_values_hold_lists_only():
    values = SETTINGS.to_dict()
    assert values["inputs"] == ["prcp", "tmax"]
    assert values["training"]["learning_rate"] == [{"from_epoch": 1, "rate": 1.0}]
    assert values["basins"] is None
