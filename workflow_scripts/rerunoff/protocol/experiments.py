"""Papers and their experiments, resolved: nothing is laid over them any more."""

import dataclasses

from rerunoff.errors import InputError
from rerunoff.protocol.benchmarks import BENCHMARKS
from rerunoff.protocol.derived import HBV, HBV_REGIONAL, derived, made_of
from rerunoff.protocol.settings import DISCHARGE

ALL, REGION, BASIN, FOLD = "all", "region", "basin", "fold"
REGIONS = "regions"
# Of the key `weights`: networks that the authors have published.
AUTHORS = "authors"


def overlap(days, others):
    """Tell whether two pairs of first and last day, ISO dates, have one in common."""
    return days[0] <= others[1] and others[0] <= days[1]


@dataclasses.dataclass(frozen=True)
class Experiment:
    """One row of a paper's method; keys as in config/schemas/paper.schema.yaml.

    Attributes
    ----------
    paper, name, title : str
        The name is empty where it is what a paper has if no experiment says otherwise.
    basins : str or list of str
    regions : dict of str to list of str
        Region to its basins.
    target : str
        The variable that is learned and evaluated.
    simulation : {'windows', 'continuous'}
        See `evaluation.simulate`.
    start_from, weights_from, reading_of, continues : str or None
        Other experiments of the paper.
    """

    paper: str
    name: str
    title: str
    dataset: str
    forcing: str
    inputs: list
    attributes: list
    basins: object
    periods: dict
    scaling: str
    model: dict
    training: dict
    units: str
    seeds: list
    regions: dict
    published_scaling: dict = dataclasses.field(default_factory=dict)
    held_out_attributes: str = "training"
    folds: int | None = None
    target: str = DISCHARGE
    simulation: str = "windows"
    start_from: str | None = None
    weights_from: str | None = None
    reading_of: str | None = None
    continues: str | None = None

    @property
    def variables(self):
        """The variables of the forcing product that a store must hold."""
        wanted = [part for name in self.learned for part in made_of(name)]
        return list(dict.fromkeys(wanted))

    @property
    def derived(self):
        """The inputs, and the target, that no forcing product holds."""
        return derived(self.learned)

    @property
    def learned(self):
        """The inputs, and a target other than discharge."""
        return [*self.inputs, *([] if self.target == DISCHARGE else [self.target])]

    @property
    def own_start(self):
        """Whether a basin's training starts with its own first year with discharge."""
        return self.periods.get("own_start", False)

    def period(self, name):
        """Return first and last day of `train` or `test`."""
        return self.periods[name]

    def days(self):
        """Return first and last day of `train` and of `test`, by name."""
        return {name: self.periods[name] for name in ("train", "test")}

    def with_effect(self):
        """Return the protocol's keys but those that change nothing here."""
        idle = set()
        if self.units != FOLD:
            idle |= {"folds", "held_out_attributes"}
        if not self.model.get("static"):
            idle |= {"attributes", "held_out_attributes"}
        if self.units != REGION and self.basins != REGIONS:
            idle.add("regions")
        if self.scaling != "published":
            idle.add("published_scaling")
        return {key: getattr(self, key) for key in PROTOCOL if key not in idle}


LINKS = ("start_from", "weights_from", "reading_of", "continues")
_NAMES = ("paper", "name", "title", *LINKS)
# What a paper sets for all its experiments, and each of them for itself.
PROTOCOL = [
    field.name for field in dataclasses.fields(Experiment) if field.name not in _NAMES
]


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper, or a question: its experiments, and what is shown of them.

    Attributes
    ----------
    name : str
    values : dict
        Its part of the configuration, as it was given.
    own : Experiment
        What holds if no experiment says otherwise; benchmarks are compared with that.
    experiments : dict of str to Experiment
        All, in the order of the paper's file.
    absent : tuple of str
        Benchmarks whose metrics by others are asked for, but not at hand.
    """

    name: str
    values: dict
    own: Experiment
    experiments: dict
    absent: tuple = ()

    @property
    def active(self):
        """The names of the experiments to run."""
        only = self.values.get("only")
        return [name for name in self.experiments if only is None or name in only]

    @property
    def benchmarks(self):
        """The names of the benchmarks in use: with series, or statistics by basin."""
        asked = self.values.get("benchmarks", {})
        known = [name for name in BENCHMARKS if name in asked]
        return [name for name in known if self._taken(name) or self._simulated(name)]

    @property
    def imported(self):
        """The names of the benchmarks whose statistics are taken as they are."""
        return [name for name in self.benchmarks if self._taken(name)]

    def _taken(self, name):
        return _statistics(self.benchmark(name)) and name not in self.absent

    def _simulated(self, name):
        """Whether no key is null or false, nor is that of the files it is read from."""
        row = self.benchmark(name)
        keys = [value for key, value in row.items() if key != "statistics"]
        if "variable" in row:
            keys.append(self.values.get("benchmark_files"))
        # By identity, because 0 equals False, and is a number of days.
        return not any(value is None or value is False for value in keys)

    @property
    def evaluated(self):
        """The names of what has metrics: experiments to run, then benchmarks."""
        return [*self.active, *self.benchmarks]

    @property
    def own_results(self):
        """The names of what is evaluated from simulations."""
        return [name for name in self.evaluated if name not in self.imported]

    @property
    def metrics(self):
        """The module of `evaluation` that defines the metrics."""
        return self.values.get("metrics", "metrics")

    @property
    def replay(self):
        """Whether the authors' own statistics stand for runs of ours."""
        return self.values.get("replay", False)

    @property
    def authors_weights(self):
        """Whether the authors' networks stand for trained ones."""
        return self.values.get("weights") == AUTHORS

    @property
    def stored_simulations(self):
        """Whether the simulations beside the authors' networks are evaluated too."""
        return self.authors_weights and self.values.get("stored_simulations", False)

    @property
    def pairs(self):
        """The evaluated pairs of a question, the one that may be better first."""
        return [pair for pair in self._listed if set(pair) <= set(self.evaluated)]

    @property
    def pairs_left_out(self):
        """The pairs of a question of which one is not evaluated."""
        return [pair for pair in self._listed if pair not in self.pairs]

    @property
    def related_pairs(self):
        """The pairs of which networks of equal seeds belong together.

        One continues the other, or the seed divides the basins into both one's folds.
        """
        return [pair for pair in self.pairs if self._related(*pair)]

    def _related(self, *pair):
        rows = [self.experiments.get(name) for name in pair]
        if all(
            name == HBV_REGIONAL or (row and row.units == FOLD)
            for name, row in zip(pair, rows, strict=True)
        ):
            return True
        return any(row and row.continues in pair for row in rows)

    @property
    def _listed(self):
        listed = self.values.get("comparison", {}).get("pairs", [])
        return [(pair["experiment"], pair["against"]) for pair in listed]

    def benchmark(self, name):
        """Return the settings of a benchmark; none if the paper has no such one."""
        return self.values.get("benchmarks", {}).get(name, {})

    def calibration(self, name):
        """Return first and last day that a physical model is calibrated on."""
        # Donors' parameters are those of the calibration in their basins.
        row = self.benchmark(HBV if name == HBV_REGIONAL else name)
        return row.get("period", self.own.period("train"))

    @property
    def sac_sma_forcing(self):
        """The forcing of the runs of SAC-SMA; None without them."""
        row = self.benchmark("sac_sma")
        return None if _statistics(row) else row.get("forcing")

    def figure(self, name):
        """Return the settings of a figure; none if the paper has no such one."""
        return self.values.get("figures", {}).get(name, {})

    def find(self, name):
        """Return an experiment that is run, or the paper's own for a benchmark.

        Raises
        ------
        InputError
            If there is no such experiment.
        """
        if name in BENCHMARKS:
            return self.own
        known(name, self.active, self.name, "experiment")
        return self.experiments[name]

    def key_of(self, experiment, *path):
        """Return where a key of an experiment is set: there, or for the whole paper."""
        node = self.values["experiments"].get(experiment, {})
        for part in path:
            if not isinstance(node, dict) or part not in node:
                return path
            node = node[part]
        return ("experiments", experiment, *path)


def _statistics(benchmark):
    return benchmark.get("statistics") is not None


def known(value, choice, paper, what):
    """Raise an `InputError` about a value that is none of the choice."""
    if value not in choice:
        text = ", ".join(str(name) for name in choice)
        raise InputError(f"{paper} has no {what} {value}; it has {text}.")
