"""The device of a job, and determinism on it."""

import fcntl
import hashlib
import logging
import os
import platform
import stat
from pathlib import Path

import torch

from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
_locks = []
# What the key `float32_precision` is called by torch.
_PRECISIONS = {"exact": "ieee", "tf32": "tf32"}


def choose_device(wish, float32_precision="exact"):
    """Return the torch device for the key `device`, set to compute as asked.

    Parameters
    ----------
    wish : {'auto', 'cpu', 'cuda'}
    float32_precision : {'exact', 'tf32'}
        Whether a GPU multiplies float32 as such, or rounded to 10 bits of mantissa,
        faster. torch's own default is tf32 for LSTMs; the authors' torch 1.1 knew
        none, so their numbers are exact float32.

    Raises
    ------
    InputError
        If `cuda` is asked for and torch sees no GPU.
    """
    torch.backends.cudnn.rnn.fp32_precision = _PRECISIONS[float32_precision]
    torch.backends.cuda.matmul.fp32_precision = _PRECISIONS[float32_precision]
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
    index = claim(torch.cuda.device_count())
    name = torch.cuda.get_device_name(index)
    _log.info("device: cuda:%d, %s, float32 %s", index, name, float32_precision)
    return torch.device("cuda", index)


def claim(count):
    """Take a GPU that no other job of this project on this machine has taken.

    Snakemake counts GPUs but gives out none, so all jobs would start on the first.

    Parameters
    ----------
    count : int
        GPUs that torch sees.

    Returns
    -------
    int
        Index of the GPU, locked until this process ends; where all are taken, or no
        lock can be kept, one of them by turns, because jobs may share a card.
    """
    if count == 1:
        return 0
    try:
        index = next((index for index in range(count) if _locked(index)), None)
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home
        text = "GPUs are shared by turns, because no lock can be kept: %s"
        _log.warning(text, error)
        index = None
    return os.getpid() % count if index is None else index


def _locked(index):
    """Lock a GPU until this process ends; False if another process has it."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "all")
    # One home folder may serve several machines. Names of MIG devices are long.
    key = f"{platform.node()} {visible} {index}"
    name = hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()[:16]
    # Nothing is written to it or taken from it, and no link is followed.
    # Open for writing, because an exclusive lock over NFS asks for it.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    lock = os.open(_private_folder() / f"gpu-{name}.lock", flags, mode=0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    # An open file keeps the lock; a killed process gives it back.
    _locks.append(lock)
    return True


def _private_folder():
    """Return a folder of this user's for locks, into which no other user can write."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache, "rerunoff", "locks")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not own or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(
            f"{folder} is no folder of yours into which you alone may write; delete it"
        )
    return folder


def make_deterministic(seed, threads):
    """Seed torch and fix what makes two runs on one CPU differ.

    Parameters
    ----------
    seed : int
    threads : int
        Sums are split among threads, so weights are equal bit by bit only between runs
        with the same number.
    """
    # Before the other threads start, which inherit it. Gradients fade over the days of
    # a window to numbers below 1e-38, with which an Intel CPU multiplies 100 times
    # slower: most of a step. Nothing that small changes a sum of gradients.
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # It would overwrite every new buffer with NaN, a tenth of a step's time; a kernel
    # that reads what it did not write would fail the test of equal weights.
    torch.utils.deterministic.fill_uninitialized_memory = False
