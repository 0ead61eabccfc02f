"""Odd configurations: they are resolved, or end in a sentence; never in a traceback."""

import copy
import json
import re
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rerunoff.errors import InputError
from rerunoff.protocol.deviations import deviations
from rerunoff.protocol.resolve import look_of, run_settings
from rerunoff.protocol.settings import RunSettings
from rerunoff.protocol.stores import stores_of
from rerunoff.protocol.units import units_of
from rerunoff.protocol.validate import validate
from rerunoff.yaml_files import read_yaml
from snakemake.utils import update_config
from unit.mutations import ODD, damage, damaged, outcome
from unit.test_configuration import PAPERS, ROOT, WHOLE, merged

VALUES = [
    *ODD,
    *(None, True, False, 0, 1, -1, 7, 10**9, 10**400, 0.5, -0.5, 1e-300, 1e308),
    *(float("nan"), float("inf"), [], {}, [[]], [None], {"": None}, [1, "a"]),
    *(["1999-10-01", "2008-09-30"], ["2008-09-30", "1999-10-01"], ["1999-02-30", "x"]),
    *("all", "region", "basin", "fold", "regions", "caravan", "virtual", "nldas"),
    *("ealstm", "lstm", "published", "training", "x" * 10000, "../..", "a\nb", "$(ls)"),
    *("{paper}", "{", "a b", "/", "", "\t", "0001-01-01", "9999-12-31", "2020-13-45"),
]


def paths_of(node, path=()):
    """Yield the paths of all values of a configuration."""
    pairs = []
    if isinstance(node, dict):
        pairs = list(node.items())
    elif isinstance(node, list):
        pairs = list(enumerate(node))
    for key, value in pairs:
        yield (*path, key)
        yield from paths_of(value, (*path, key))


BASE = merged(*WHOLE)
PATHS = list(paths_of(BASE))


def parent_of(config, path):
    for key in path[:-1]:
        config = config[key]
    return config


WHOLE_NUMBERS = [path for path in PATHS if type(parent_of(BASE, path)[path[-1]]) is int]


def lay(parent, key, value):
    """Set a value as Snakemake does, which lays a mapping over another."""
    old = parent[key] if isinstance(parent, list) else parent.get(key)
    if isinstance(old, dict) and isinstance(value, dict):
        update_config(old, copy.deepcopy(value))
    else:
        parent[key] = copy.deepcopy(value)


def changed(steps):
    """Return a configuration after values were set, added, given a decimal point."""
    config = copy.deepcopy(BASE)
    for what, seed in steps:
        chance = Random(seed)
        path, other = chance.choice(PATHS), chance.choice(PATHS)
        if what == "pointed":
            path = chance.choice(WHOLE_NUMBERS)
        try:
            parent, giver = parent_of(config, path), parent_of(config, other)
            new = chance.choice(VALUES) if what == "set" else giver[other[-1]]
            if what == "removed" and isinstance(parent, list):
                del parent[path[-1]]
            elif what == "added" and isinstance(parent, dict):
                lay(parent, chance.choice([*ODD, path[-1], other[-1]]), new)
            elif what == "pointed" and type(parent[path[-1]]) is int:
                parent[path[-1]] = float(parent[path[-1]])
            elif what in ("set", "taken"):
                lay(parent, path[-1], new)
        except (
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
        ):  # an earlier step removed it
            continue
    return config


def planned(config):
    """Do with a configuration what the rules do while jobs are planned."""
    papers = validate(config, PAPERS, ROOT, WHOLE)
    for name, paper in papers.items():
        stores_of(paper)
        deviations(config, paper, ROOT)
        for experiment in paper.active[:3]:
            row = paper.experiments[experiment]
            look_of(paper, experiment)
            unit = units_of(row)[0]
            settings = run_settings(paper, experiment, unit, row.seeds[0])
            assert settings == RunSettings.from_dict(json_of(settings.to_dict()))
            assert [type(value) for value in counts(settings)] == [int] * 7
            assert settings.paper == name


def counts(settings):
    """Return what names a run, gives arrays their size or counts steps."""
    model, training = settings.model, settings.training
    sizes = (model.hidden_size, model.sequence_length, model.layers)
    steps = (training.epochs, training.batch_size, training.predicted_days)
    return settings.seed, *sizes, *steps


def json_of(values):
    return json.loads(json.dumps(values))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["set", "set", "removed", "added", "taken", "pointed"]),
            st.integers(0, 2**32 - 1),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_configuration(steps):
    try:
        planned(changed(steps))
    except InputError as error:
        message = str(error)
        assert "\n" not in message
        assert message.endswith(".")
        # The file of regions is read before a key can be told.
        assert re.search(r"\.yaml|--config|table of regions", message)


class Careful(yaml.SafeLoader):
    """YAML as a careful reader takes it: each key of a mapping once."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len({repr(key) for key in keys}) == len(keys)
        return super().construct_mapping(node, deep)


@given(steps=damage())
def test_yaml(tmp_path_factory, steps):
    whole = (ROOT / "config" / "quick.yaml").read_bytes()
    path = tmp_path_factory.mktemp("yaml") / "my.yaml"
    content = damaged(whole, steps)
    path.write_bytes(content)
    found = outcome(path, read_yaml, path)
    if found is not None:
        # S506: of SafeLoader.
        careful = yaml.load(content.decode("utf-8"), Careful) or {}  # noqa: S506
        assert repr(found) == repr(careful)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: the key a stands in line 1, too"),
        ("p:\n  a: 1\n  'a': 3\n", "line 3: the key a stands in line 2, too"),
        ("p:\n- {a: 1, b: 2, a: 1}\n", "line 2: the key a stands in line 2, too"),
    ],
)
def test_key_that_stands_twice_is_named(tmp_path, complaint, text, said):
    path = tmp_path / "my.yaml"
    path.write_text(text)
    assert complaint(read_yaml, path) == f"{path}, {said}; remove one of the two."
    # Snakemake, which reads it first, takes the last one.
    config, files = copy.deepcopy(BASE), [*WHOLE, path]
    assert complaint(validate, config, PAPERS, ROOT, files).startswith(f"{path}, ")


@pytest.mark.parametrize(
    "text", ["a: 1\nb: {a: 1}\n1: 2\n'1': 3\n", "a: &x [1, *x]\nb: *x\n", ""]
)
def test_key_may_stand_in_each_mapping(tmp_path, text):
    path = tmp_path / "my.yaml"
    path.write_text(text)
    assert repr(read_yaml(path)) == repr(yaml.safe_load(text) or {})


@pytest.mark.parametrize(
    "text",
    ["[" * 3000 + "]" * 3000, "{a: " * 3000 + "}" * 3000, "a: 2020-13-45", "9" * 5000],
    ids=["deep list", "deep mapping", "no day", "long number"],
)
def test_yaml_that_the_parser_cannot_take_is_named(tmp_path, complaint, text):
    path = tmp_path / "my.yaml"
    path.write_text(f"a: {text}\n" if ":" not in text[:3] else text)
    assert complaint(read_yaml, path).startswith(f"{path}: this is no YAML: ")
