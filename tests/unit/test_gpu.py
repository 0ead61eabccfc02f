"""What the driver says of GPUs, without a driver."""

import sys
from types import SimpleNamespace

import pytest
from rerunoff import gpu


def driver(started, count):
    """A driver that starts or not, and counts."""

    def counted(pointer):
        pointer._obj.value = count
        return 0

    return SimpleNamespace(
        cuInit=lambda flags: 0 if started else 100, cuDeviceGetCount=counted
    )


@pytest.mark.parametrize(
    ("started", "count", "torch", "fine"),
    [
        (True, 2, False, True),
        (True, 0, False, False),
        (False, 2, False, False),
        (None, 0, False, False),
        (None, 0, True, True),  # another maker's card
    ],
)
def test_gpu_is_found_by_the_driver_or_torch(
    monkeypatch, complaint, started, count, torch, fine
):
    def load(name):
        if started is None:
            raise OSError(name)
        return driver(started, count)

    monkeypatch.setattr(gpu.ctypes, "CDLL", load)
    found = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: torch))
    monkeypatch.setitem(sys.modules, "torch", found)
    if fine:
        gpu.check_gpu()
    else:
        assert complaint(gpu.check_gpu).startswith("device is cuda, but this machine")


def test_missing_torch_is_no_gpu(monkeypatch, complaint):
    monkeypatch.setattr(gpu, "_DRIVERS", ())
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "no GPU that may be used" in complaint(gpu.check_gpu)
