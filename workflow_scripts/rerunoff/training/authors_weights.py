"""Networks of kratzert2019a's authors, brought into the form of this project.

Their hand-written cells keep weights as inputs × gates, ours (and torch's) as gates ×
inputs, and the gates stand in another order:

    LSTM     theirs forget, input, output, candidate
             ours   input, forget, candidate, output (torch.nn.LSTM)
    EA-LSTM  theirs forget, output, candidate; ours forget, candidate, output

Inputs and attributes are brought into the order of the settings by their names. Their
LSTM has one bias, as ours has: the second of torch's is zero.
"""

import dataclasses

import torch

from rerunoff.errors import InputError
from rerunoff.models import build_model

_AGAIN = "download it again"


@dataclasses.dataclass(frozen=True)
class Order:
    """The names of what a network of the authors sees, in the order of its weights.

    Attributes
    ----------
    inputs, attributes : list of str
    """

    inputs: list
    attributes: list


def read_state(path):
    """Read a state dictionary, without running anything that it names.

    Parameters
    ----------
    path : str or Path
        Written by torch.save, also by that of PyTorch 1.1.

    Returns
    -------
    dict of str to Tensor

    Raises
    ------
    InputError
        If it is anything but a dictionary of finite tensors.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
        raise InputError(f"{path}: {fault}; {_AGAIN}.") from error
    except MemoryError:
        raise
    except Exception as error:  # damage may end in nearly any
        # The first line; the others tell how to load it all the same.
        why = " ".join(str(error).split("\n")[0].split(". ")[0].split()).rstrip(".")
        fault = f"no state dictionary of a network ({why or type(error).__name__})"
        raise InputError(f"{path}: {fault}; {_AGAIN}.") from error
    tensors = isinstance(state, dict) and all(map(torch.is_tensor, state.values()))
    if not tensors or not all(value.is_floating_point() for value in state.values()):
        raise InputError(f"{path}: no dictionary of tensors; {_AGAIN}.")
    for key, value in state.items():
        if not value.isfinite().all():
            raise InputError(f"{path}: {key} has values that are not finite; {_AGAIN}.")
    return state


def convert(state, settings, order, path):
    """Build the network of this project that has the authors' weights.

    Parameters
    ----------
    state : dict of str to Tensor
        From `read_state`.
    settings : RunSettings
    order : Order
    path : str or Path
        Named in messages.

    Returns
    -------
    torch.nn.Module
        In evaluation mode, with the number type of `state`.

    Raises
    ------
    InputError
        If a weight is missing, not known or of another shape, or the settings name
        other inputs or attributes than the network has seen.

    Notes
    -----
    Layout: authors' lstm.py, ealstm.py and main.py (`Model`).
    """
    inputs = _rows(order.inputs, settings.inputs, "inputs", path)
    attributes = _rows(order.attributes, settings.attributes, "attributes", path)
    kind = settings.model.kind
    _check_shapes(state, settings.model, len(inputs), len(attributes), path)
    if kind == "ealstm":
        converted = _of_ealstm(state, inputs, attributes)
    else:
        after = [len(order.inputs) + row for row in attributes]
        converted = _of_lstm(state, [*inputs, *after])
    converted |= {"head.weight": state["fc.weight"], "head.bias": state["fc.bias"]}
    model = build_model(settings.model, len(inputs), len(attributes))
    model.to(state["fc.weight"].dtype).load_state_dict(converted)
    return model.eval()


def _rows(theirs, ours, what, path):
    """Return at which row of the weights each of our names stands."""
    if not ours:
        return []
    other = {*theirs} ^ {*ours}
    if other:
        raise InputError(
            f"{path}: the network has learned from other {what} than the configuration "
            f"names (they differ by {', '.join(sorted(other))}); set the key {what} to "
            "the authors'."
        )
    return [theirs.index(name) for name in ours]


def _shapes(model, inputs, attributes):
    """Return the shapes of the authors' weights."""
    size = model.hidden_size
    if model.kind == "ealstm":
        shapes = {
            "lstm.weight_ih": (inputs, 3 * size),
            "lstm.weight_hh": (size, 3 * size),
            "lstm.weight_sh": (attributes, size),
            "lstm.bias": (3 * size,),
            "lstm.bias_s": (size,),
        }
    else:
        shapes = {
            "lstm.weight_ih": (inputs + attributes, 4 * size),
            "lstm.weight_hh": (size, 4 * size),
            "lstm.bias": (4 * size,),
        }
    return shapes | {"fc.weight": (1, size), "fc.bias": (1,)}


def _check_shapes(state, model, inputs, attributes, path):
    """Raise `InputError` on missing or unknown weights, or another shape."""
    shapes = _shapes(model, inputs, attributes)
    for key in sorted(shapes.keys() ^ state.keys()):
        fault = f"lacks {key}" if key in shapes else f"has {key}"
        raise InputError(
            f"{path}: {fault}, which is not the form of the authors' {model.kind}; "
            "get the run folder again."
        )
    for key, shape in shapes.items():
        if state[key].shape != shape:
            raise InputError(
                f"{path}: {key} has the shape {tuple(state[key].shape)} where {shape} "
                f"follows from {inputs} inputs, {attributes} attributes and "
                f"hidden_size {model.hidden_size}; get the run folder again."
            )


def _of_lstm(state, rows):
    """Return the weights of `models.lstm.Network`; `rows` are theirs, in our order."""

    def gates(weight):
        forget, input_, output, candidate = weight.t().chunk(4)
        return torch.cat([input_, forget, candidate, output])

    bias = gates(state["lstm.bias"].unsqueeze(0)).squeeze(1)
    return {
        "core.weight_ih_l0": gates(state["lstm.weight_ih"][rows]),
        "core.weight_hh_l0": gates(state["lstm.weight_hh"]),
        "core.bias_ih_l0": bias,
        "core.bias_hh_l0": torch.zeros_like(bias),
    }


def _of_ealstm(state, inputs, attributes):
    """Return the weights of `models.ealstm.Network`."""

    def gates(weight):
        forget, output, candidate = weight.t().chunk(3)
        return torch.cat([forget, candidate, output])

    return {
        "weight_ih": gates(state["lstm.weight_ih"][inputs]),
        "weight_hh": gates(state["lstm.weight_hh"]),
        "weight_sh": state["lstm.weight_sh"][attributes].t(),
        "bias": gates(state["lstm.bias"].unsqueeze(0)).squeeze(1),
        "bias_s": state["lstm.bias_s"],
    }
