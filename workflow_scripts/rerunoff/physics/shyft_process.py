"""Starting Shyft's workers in an environment of their own, and reading their answers.

Shyft needs NumPy below 2 and OpenSSL 1.1, so that it shares no environment with the
rest. Arrays go there and back as files of NumPy's, never as pickles.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from rerunoff.errors import InputError
from rerunoff.files import atomic_path
from rerunoff.physics import shyft_worker

_REMEDY = (
    "set the key shyft_python to the Python of an environment with Shyft, such as "
    ".venv-shyft/bin/python, which `make shyft` makes"
)
# Of a worker's last words, where its Python has no Shyft, or one that lacks a library.
_NO_SHYFT = ("ModuleNotFoundError", "ImportError")
_REQUEST = "request.npz"


def request_path(folder):
    """Return the file that tells the workers what to do."""
    return Path(folder) / _REQUEST


def answer_path(folder, basin):
    """Return the file that a worker writes for a basin."""
    return Path(folder) / f"basin_{basin}.npz"


def write_request(folder, request):
    """Write what the workers are to do, a dict of arrays, atomically."""
    with atomic_path(request_path(folder)) as part, open(part, "wb") as file:
        np.savez(file, **request)


def run_workers(python, folder, number, on_done):
    """Let workers answer the request in a folder, and wait for them.

    Parameters
    ----------
    python : str or None
        The interpreter; by default this one.
    folder : str or Path
    number : int
        Of workers, side by side.
    on_done : callable
        Called after each basin.

    Raises
    ------
    InputError
        If the interpreter cannot be started or has no Shyft.
    RuntimeError
        If a worker ended in another way.
    """
    program = _program(python)
    with contextlib.ExitStack() as stack:
        reader, writer = os.pipe()
        lines = stack.enter_context(open(reader, encoding="utf-8"))
        workers = []
        try:
            for row in range(number):
                said = stack.enter_context(tempfile.TemporaryFile())
                command = _command(program, folder, row, number)
                process = stack.enter_context(_start(command, writer, said))
                # Before the wait that ends the context: nobody reads on after an error.
                stack.callback(process.kill)
                workers.append((process, said))
        finally:
            os.close(writer)
        # Ends when the last worker does.
        for line in lines:
            if line.split()[:1] == [shyft_worker.DONE]:
                on_done()
        for process, said in workers:
            _check(process.wait(), said, program)


def _program(python):
    found = shutil.which(str(python)) if python else sys.executable
    if not found:
        raise InputError(f"shyft_python: {python} is no program; {_REMEDY}.")
    # Not resolved: the Python of a virtual environment is a link.
    return Path(found).absolute()


def _command(program, folder, row, number):
    # -I: neither the folder of the worker nor variables of this Python are looked into.
    return [program, "-I", shyft_worker.__file__, folder, str(row), str(number)]


def _start(command, output, errors):
    # Where conda, and `make shyft`, keep the libraries of an environment.
    places = [str(command[0].parents[1] / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    told = {"LD_LIBRARY_PATH": ":".join(filter(None, places)), "OMP_NUM_THREADS": "1"}
    streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": errors}
    try:
        return subprocess.Popen(command, env=os.environ | told, **streams)  # noqa: S603
    except OSError as error:
        why = error.strerror or error
        text = f"shyft_python: {command[0]} cannot be started ({why}); {_REMEDY}."
        raise InputError(text) from error


def _check(status, said, program):
    """Raise an error if a worker ended with another status than 0."""
    if status == 0:
        return
    said.seek(0)
    words = said.read().decode("utf-8", "replace").split("\n")
    last = " ".join([*filter(str.strip, words), ""][-2:]).strip().rstrip(".")
    if last.startswith(_NO_SHYFT):
        raise InputError(f"shyft_python: {program} has no Shyft ({last}); {_REMEDY}.")
    raise RuntimeError(f"a worker of Shyft ended with status {status}: {last}")


def read_answer(folder, basin, run, days):
    """Read what a worker wrote for a basin, and check it.

    Parameters
    ----------
    folder : str or Path
    basin : str
    run : str
        Identity of the calibration.
    days : int

    Returns
    -------
    dict of str to ndarray or None
        `names` and `values` of parameters; `discharge` in mm/d, `swe` and, if the stack
        has a soil, `soil_moisture` in mm, of shape (day,). None if there is no answer,
        or one of another calibration.

    Raises
    ------
    InputError
        If the file is damaged or holds what no catchment can have.
    """
    path = answer_path(folder, basin)
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        if str(arrays.pop("run")) != run:
            return None
        _check_answer(arrays, days)
    except MemoryError:
        raise
    except Exception as error:  # damage may end in nearly any
        why = " ".join(str(error).split()).rstrip(".")
        raise InputError(
            f"{path}: no readable answer of Shyft ({why}); delete it and run again."
        ) from error
    return arrays


def _check_answer(arrays, days):
    values = arrays["values"]
    if values.shape != arrays["names"].shape or not np.isfinite(values).all():
        raise ValueError("its parameters are incomplete")
    for name in {"discharge", "swe", *arrays} - {"names", "values"}:
        series = arrays[name]
        if series.shape != (days,) or not np.isfinite(series).all():
            raise ValueError(f"{name} is not complete")
        if series.min() < 0:
            raise ValueError(f"{name} is below zero")


def clear(folder):
    """Remove the request and the answers of a calibration that is finished."""
    folder = Path(folder)
    for pattern in (_REQUEST, "basin_*.npz", ".basin_*.npz.part"):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
