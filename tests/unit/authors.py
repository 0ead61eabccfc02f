"""Run folders as kratzert2019a's authors left them, and their networks day by day.

The layout is that of the protocol: state dictionaries with inputs in rows and gates in
columns. The loops below are written from the formulas, in NumPy, and share nothing with
the package.
"""

import dataclasses
import io
import json
import pickle
import sqlite3

import numpy as np
import pandas as pd
import torch

INPUTS = ["prcp", "srad", "tmax", "tmin", "vp"]
ATTRIBUTES = ["aridity", "p_mean", "elev_mean", "frac_forest"]
# What the authors drop, before, between and behind what they keep.
DROPPED = ["geol_1st_class", "gauge_lat", "q_mean", "zero_q_freq", "huc"]
FLAGS = {  # kind, static: no_static, concat_static
    ("ealstm", True): (False, False),
    ("lstm", True): (False, True),
    ("lstm", False): (True, False),
}


@dataclasses.dataclass
class Theirs:
    """A network of the authors and its run folder.

    `attributes` are in the order of the weights.
    """

    kind: str = "ealstm"
    static: bool = True
    loss: str = "nse"
    seed: int = 111
    hidden: int = 6
    length: int = 20
    train: tuple = ("01101999", "30092000")
    attributes: list = dataclasses.field(default_factory=lambda: list(ATTRIBUTES))

    @property
    def folder(self):
        digits = {"nse": "0706", "mse": "0806"}[self.loss]
        hour = {"ealstm": "10", "lstm": "11"}[self.kind] + ("00", "30")[self.static]
        return f"run_{digits}_{hour}_seed{self.seed}"

    @property
    def pickle_name(self):
        return f"{self.kind}{'' if self.static else '_no_static'}_seed{self.seed}.p"

    def weights(self):
        """Return random weights by their names, NumPy float64."""
        code = [self.seed, len(self.kind), self.static, len(self.loss)]
        random = np.random.default_rng(code)
        size, inputs = self.hidden, len(INPUTS)
        if self.kind == "ealstm":
            shapes = {
                "lstm.weight_ih": (inputs, 3 * size),
                "lstm.weight_hh": (size, 3 * size),
                "lstm.weight_sh": (len(self.attributes), size),
                "lstm.bias": (3 * size,),
                "lstm.bias_s": (size,),
            }
        else:
            rows = inputs + (len(self.attributes) if self.static else 0)
            shapes = {
                "lstm.weight_ih": (rows, 4 * size),
                "lstm.weight_hh": (size, 4 * size),
                "lstm.bias": (4 * size,),
            }
        shapes |= {"fc.weight": (1, size), "fc.bias": (1,)}
        return {key: random.normal(0, 0.5, shape) for key, shape in shapes.items()}

    def state(self, kind=torch.float32):
        """Return the state dictionary."""
        return {k: torch.tensor(v, dtype=kind) for k, v in self.weights().items()}

    def predict(self, dynamic, static):
        """Return scaled discharge of the last day, shape (window,).

        dynamic: (window, day, input), static: (window, attribute), both scaled, in the
        order of the weights.
        """
        w = self.weights()
        if self.kind == "ealstm":
            hidden = _ealstm(w, dynamic, static)
        else:
            if self.static:
                days = np.repeat(static[:, None], dynamic.shape[1], axis=1)
                dynamic = np.concatenate([dynamic, days], axis=2)
            hidden = _lstm(w, dynamic)
        return (hidden @ w["fc.weight"].T + w["fc.bias"])[:, 0]

    def cfg(self):
        """Return what cfg.json holds."""
        no_static, concat_static = FLAGS[self.kind, self.static]
        return {
            "batch_size": 256,
            "concat_static": concat_static,
            "hidden_size": self.hidden,
            "no_static": no_static,
            "run_dir": f"/home/somebody/runs/{self.folder}",
            "seed": self.seed,
            "seq_length": self.length,
            "train_end": self.train[1],
            "train_start": self.train[0],
            "use_mse": self.loss == "mse",
        }

    def files(self, results=None):
        """Return the files of the run folder: path to content."""
        state, folder = io.BytesIO(), self.folder
        # As PyTorch 1.1 wrote it.
        torch.save(self.state(), state, _use_new_zipfile_serialization=False)
        found = {
            f"{folder}/cfg.json": json.dumps(self.cfg(), indent=4).encode(),
            f"{folder}/attributes.db": database(self.attributes),
            f"{folder}/model_epoch29.pt": b"not the last",
            f"{folder}/model_epoch30.pt": state.getvalue(),
        }
        if results is not None:
            found[f"{folder}/{self.pickle_name}"] = pickle.dumps(results, 3)
        return found


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _ealstm(w, dynamic, static):
    input_ = _sigmoid(static @ w["lstm.weight_sh"] + w["lstm.bias_s"])
    size = input_.shape[1]
    h = c = np.zeros_like(input_)
    for day in range(dynamic.shape[1]):
        z = h @ w["lstm.weight_hh"] + dynamic[:, day] @ w["lstm.weight_ih"]
        z = z + w["lstm.bias"]
        forget, output = _sigmoid(z[:, :size]), _sigmoid(z[:, size : 2 * size])
        candidate = np.tanh(z[:, 2 * size :])
        c = forget * c + input_ * candidate
        h = output * np.tanh(c)
    return h


def _lstm(w, x):
    size = len(w["lstm.weight_hh"])
    h = c = np.zeros((len(x), size))
    for day in range(x.shape[1]):
        z = h @ w["lstm.weight_hh"] + x[:, day] @ w["lstm.weight_ih"] + w["lstm.bias"]
        forget, input_ = _sigmoid(z[:, :size]), _sigmoid(z[:, size : 2 * size])
        output, candidate = (
            _sigmoid(z[:, 2 * size : 3 * size]),
            np.tanh(z[:, 3 * size :]),
        )
        c = forget * c + input_ * candidate
        h = output * np.tanh(c)
    return h


def database(attributes, table="basin_attributes"):
    """Return an attributes.db as pandas writes it: dropped columns in between."""
    names = [*DROPPED[:2], *attributes[:2], DROPPED[2], *attributes[2:], *DROPPED[3:]]
    frame = pd.DataFrame(1.0, index=["01022500"], columns=names)
    frame.index.name = "gauge_id"
    memory = sqlite3.connect(":memory:")
    frame.to_sql(table, memory)
    return memory.serialize()


def table(first, observed, simulated):
    """Return a table of the authors' results: a day a row."""
    days = pd.date_range(first, periods=len(observed))
    return pd.DataFrame({"qobs": np.float32(observed), "qsim": simulated}, index=days)


def write(root, files):
    """Write files below a folder."""
    for path, body in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(body)
    return root
