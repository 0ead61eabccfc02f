"""Whether this machine has a GPU: asked of its driver, for torch loads in seconds."""

import ctypes

from rerunoff.errors import InputError

_DRIVERS = ("libcuda.so.1", "nvcuda.dll")


def check_gpu():
    """Raise an `InputError` if this machine has no GPU that torch could use."""
    if not (_driver_has_gpu() or _torch_has_gpu()):
        raise InputError(
            "device is cuda, but this machine has no GPU that may be used; set device: "
            "auto or cpu in the configuration, or run on a machine that has one."
        )


def _driver_has_gpu():
    """Ask NVIDIA's driver, which heeds CUDA_VISIBLE_DEVICES."""
    for name in _DRIVERS:
        try:
            driver = ctypes.CDLL(name)
        except OSError:
            continue
        count = ctypes.c_int(0)
        if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
            return False
        return count.value > 0
    return False


def _torch_has_gpu():
    """Ask torch, if it is there: other makers' cards are cuda to it too."""
    try:
        import torch
    except ImportError:
        return False
    return torch.cuda.is_available()
