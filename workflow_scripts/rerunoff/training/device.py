"""The device of a job, and determinism on it."""

import logging

import torch

from rerunoff.errors import InputError

_log = logging.getLogger(__name__)


def choose_device(wish):
    """Return the torch device for the key `device`.

    Parameters
    ----------
    wish : {'auto', 'cpu', 'cuda'}

    Raises
    ------
    InputError
        If `cuda` is asked for and torch sees no GPU.
    """
    available = torch.cuda.is_available()
    if wish == "cuda" and not available:
        message = (
            "device: cuda, but torch sees no GPU; install a CUDA build of torch "
            "(envs/train.yaml), or set device: auto or cpu in the configuration."
        )
        raise InputError(message)
    if wish == "cpu" or not available:
        _log.info("device: CPU, %d threads", torch.get_num_threads())
        return torch.device("cpu")
    _log.info("device: %s", torch.cuda.get_device_name())
    return torch.device("cuda")


def make_deterministic(seed, threads):
    """Seed torch and fix what makes two runs on one CPU differ.

    Parameters
    ----------
    seed : int
    threads : int
        Sums are split among threads, so weights are equal bit by bit only between runs
        with the same number.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
