"""Telling glibc to keep the large buffers of a training step.

By default it maps and unmaps them at every step, and page faults eat half the time of
training an LSTM on a CPU.
"""

import ctypes
import logging

_log = logging.getLogger(__name__)
_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4


def keep_buffers():
    """Keep freed memory in the process; call it before the first large allocation.

    Returns
    -------
    bool
        False where the C library is not glibc; training works there, more slowly.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        _log.info("the C library is not glibc: its allocator stays as it is")
        return False
    kept = mallopt(_M_MMAP_MAX, 0) and mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
    return bool(kept)
