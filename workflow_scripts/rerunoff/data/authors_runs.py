"""The run folders of kratzert2019a's authors: what each holds, and which one it is.

A folder `run_<ddmm>_<HHMM>_seed<seed>` has `cfg.json` (its configuration),
`attributes.db`, `model_epoch<n>.pt` for each epoch, of which the last is used, and a
pickle of results. Its name does not say the network or the loss; `cfg.json` does
(authors' main.py).
"""

import dataclasses
import datetime
import json
import re
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.protocol.weights_checks import CFG

ATTRIBUTES, WEIGHTS = "attributes.db", "model_epoch30.pt"
RESULTS = r"(?:ealstm|lstm|lstm_no_static)_seed\d+\.p"
FOLDER = r"run_\d{4}_\d{4}_seed\d+"
# The files that are taken, at any depth of a resource or an archive.
RUN_FILE = re.compile(
    rf"((?:.*/)?{FOLDER}/(?:cfg\.json|attributes\.db|model_epoch30\.pt|{RESULTS}))"
)
# Bytes that no such file has: the largest weights have 1.2 MB, 531 frames 40 MB.
LARGEST = {CFG: 1 << 16, ATTRIBUTES: 1 << 25, WEIGHTS: 1 << 26}
_LARGEST_RESULTS = 1 << 29
_FLAGS = ("no_static", "concat_static", "use_mse")
_NUMBERS = ("seed", "hidden_size", "seq_length")
_DAYS = ("train_start", "train_end")


def check_size(path, size):
    """Raise `InputError` on a file that is too big to be what its name says.

    Parameters
    ----------
    path : str
        Ends with the file's name.
    size : int
        Bytes.
    """
    largest = LARGEST.get(path.rpartition("/")[2], _LARGEST_RESULTS)
    if size > largest:
        raise InputError(
            f"{path}: {size} bytes, where such a file has at most {largest}; get it "
            "from its publisher by hand, and name the folder in weights_root."
        )


@dataclasses.dataclass(frozen=True)
class Configuration:
    """What distinguishes the networks of the paper; keys as in config/papers.

    Attributes
    ----------
    kind : {'ealstm', 'lstm'}
    static : bool
    loss : {'nse', 'mse'}
    """

    kind: str
    static: bool
    loss: str

    @property
    def words(self):
        """The configuration in words."""
        name = {"ealstm": "an EA-LSTM", "lstm": "an LSTM"}[self.kind]
        statics = "" if self.static else " without statics"
        return f"{name}{statics}, loss {self.loss}"

    @property
    def results(self):
        """The name of the pickle of results, with a place for the seed."""
        return f"{self.kind}{'' if self.static else '_no_static'}_seed{{}}.p"


@dataclasses.dataclass(frozen=True)
class RunConfiguration:
    """What a run's cfg.json says, in the terms of this project.

    Attributes
    ----------
    configuration : Configuration
    seed, hidden_size, sequence_length : int
    train_period : tuple of str
        First and last day, ISO.
    """

    configuration: Configuration
    seed: int
    hidden_size: int
    sequence_length: int
    train_period: tuple


def read_cfg(path):
    """Read a run's cfg.json.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    RunConfiguration

    Raises
    ------
    InputError
        If the file cannot be read, or lacks a key or has an odd value.

    Notes
    -----
    Days are written `ddmmyyyy`: 01101999 is the first of October.
    """
    values = _values(path)
    for keys, kind in ((_FLAGS, bool), (_NUMBERS, int), (_DAYS, str)):
        for key in keys:
            if key not in values:
                raise InputError(f"{path}: lacks the key {key}; download it again.")
            if type(values[key]) is not kind:
                word = {bool: "true or false", int: "a whole number", str: "a text"}
                fault = f"{key} is {values[key]!r}, not {word[kind]}"
                raise InputError(f"{path}: {fault}; download it again.")
    plain = values["no_static"] or values["concat_static"]
    configuration = Configuration(
        kind="lstm" if plain else "ealstm",
        static=not values["no_static"],
        loss="mse" if values["use_mse"] else "nse",
    )
    numbers = [values[key] for key in _NUMBERS]
    days = tuple(_day(path, key, values[key]) for key in _DAYS)
    return RunConfiguration(configuration, *numbers, days)


def _values(path):
    try:
        values = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); download it again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: this is no JSON; download it again.") from error
    if not isinstance(values, dict):
        raise InputError(f"{path}: no configuration of a run; download it again.")
    return values


def _day(path, key, text):
    try:
        # Without eight digits the limits of day and month would be a guess.
        if not re.fullmatch(r"\d{8}", text):
            raise ValueError(text)
        return datetime.datetime.strptime(text, "%d%m%Y").date().isoformat()
    except ValueError as error:
        fault = f"{key} is {text!r}, no day written ddmmyyyy"
        raise InputError(f"{path}: {fault}; download it again.") from error


def choose(folders, wanted, remedy):
    """Choose the run folder of each configuration and seed.

    Parameters
    ----------
    folders : dict of str to RunConfiguration
        By name.
    wanted : dict of str to (Configuration, sequence of int)
        By experiment its configuration and seeds.
    remedy : str
        Where else to take folders from, which ends the sentence.

    Returns
    -------
    dict of (str, int) to str
        By experiment and seed the folder's name.

    Raises
    ------
    InputError
        If one is not there, or two fit.
    """
    chosen = {}
    for experiment, (configuration, seeds) in wanted.items():
        for seed in seeds:
            key = (configuration, seed)
            fits = [n for n, f in folders.items() if (f.configuration, f.seed) == key]
            what = f"{configuration.words}, seed {seed}, which {experiment} needs"
            if not fits:
                raise InputError(
                    f"None of {len(folders)} run folders is of {what}; take the seed "
                    f"or the experiment out of the configuration, or {remedy}."
                )
            if len(fits) > 1:
                raise InputError(
                    f"{' and '.join(sorted(fits))} are both of {what}, and nothing "
                    f"says which one counts; keep one of them: {remedy}."
                )
            chosen[experiment, seed] = fits[0]
    return chosen
