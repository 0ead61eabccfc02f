"""What rule scripts do around their `main`: logging, bad input, where they compute."""

import contextlib
import errno
import logging
import signal
import sys
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import NO_ROOM, disk_errors, unwritable
from rerunoff.provenance import config_digest, data_digest

_log = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(levelname)s %(message)s"
# A file where a folder belongs, or the other way round.
_IN_THE_WAY = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
# Value of the key `benchmark_files`: the publisher's, fetched or (virtual) generated.
PUBLISHED_FILES = "published"


def run(main, log_path, **arguments):
    """Call `main(**arguments)` with its log in the terminal and in `log_path`.

    Parameters
    ----------
    main : callable
        The script's function; takes plain arguments.
    log_path : str or None
        Appended to, so that a retry keeps the first attempt's messages.

    Raises
    ------
    SystemExit
        With status 1 after an `InputError`, whose sentence is logged alone and kept
        beside the log (`refusal_of`).
    """
    handlers = [logging.StreamHandler(sys.stderr)]
    logging.basicConfig(
        level=logging.INFO, format=_FORMAT, handlers=handlers, force=True
    )
    logging.captureWarnings(True)
    # A log on a full disk would add a traceback to each line that it loses.
    logging.raiseExceptions = False
    # Ctrl-C reaches every job; the workflow alone says what it means.
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        if log_path:
            _log_to(log_path)
        main(**arguments)
    except InputError as error:
        _log.error("%s", error)
        if log_path:
            # On a full disk it cannot be kept, and the job is tried once more.
            with contextlib.suppress(OSError):
                refusal_of(log_path).write_text(f"{error}\n", encoding="utf-8")
        sys.exit(1)
    except Exception as error:
        if getattr(error, "errno", None) in NO_ROOM | _IN_THE_WAY:
            # Of a renaming the second is the file that was to be there.
            path = error.filename2 or error.filename or "a file"
            _log.error("%s", unwritable(path, error))
        else:
            _log.exception("%s failed", main.__module__)
        sys.exit(1)


def _log_to(path):
    """Let messages go to a file, too."""
    with disk_errors(path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        refusal_of(path).unlink(missing_ok=True)
        handler = logging.FileHandler(path, mode="a", encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.getLogger().addHandler(handler)


def refusal_of(log_path):
    """Return the file that is there while a job's last attempt ended in `InputError`.

    The same input gives the same error, so such a job is not tried again.
    """
    return Path(f"{log_path}.refused")


def forget_refusals(logs):
    """Remove what `refusal_of` names, left by earlier calls: the input may be mended.

    A job removes its own, but may be killed before its script begins.

    Parameters
    ----------
    logs : iterable of str or Path

    Raises
    ------
    InputError
        If one cannot be removed.
    """
    for log in logs:
        with disk_errors(log):
            refusal_of(log).unlink(missing_ok=True)


def workspace_of(job):
    """Return where a job that trains reads its data and computes.

    Parameters
    ----------
    job : snakemake.script.Snakemake
        The object `snakemake` of a script.

    Returns
    -------
    dict
        The arguments of `training.run.Workspace`, which takes torch seconds to import.
    """
    return {
        "store": job.input.store,
        "basin_list": job.input.basins,
        "device": job.config["device"],
        "float32_precision": job.config["float32_precision"],
        "threads": job.threads,
        "checkpoints": job.params.checkpoints,
        "code": job.params.code,
    }


def arguments_of(job):
    """Return what a rule hands over by name, inputs and parameters but `code`.

    Parameters
    ----------
    job : snakemake.script.Snakemake
        The object `snakemake` of a script.

    Returns
    -------
    dict
        Name to a path, a list of paths, or a value.
    """
    named = {**dict(job.input.items()), **dict(job.params.items())}
    return {name: value for name, value in named.items() if name != "code"}


def facts_of(job):
    """Return digests of what a job was told and of what it reads.

    Parameters
    ----------
    job : snakemake.script.Snakemake
        The object `snakemake` of a script.

    Returns
    -------
    dict
        The argument `facts` of `figures.style.save`.
    """
    return {"configuration": config_digest(job.config), "data": data_digest(job.input)}


def given_root(config, dataset):
    """Return the folder of a dataset's own files; None if they are made or fetched.

    The key `data_root` holds that of the key `dataset`, or one folder for each dataset.
    """
    roots = config["data_root"]
    if isinstance(roots, dict):
        return roots.get(dataset)
    return roots if dataset == config["dataset"] else None


def data_folder(config, dataset):
    """Return the folder that holds a dataset's raw files, downloaded or given.

    Scripts ask for it by themselves: as a parameter of a rule its path would make the
    same data at another place other data.
    """
    return given_root(config, dataset) or f"resources/{dataset}"


def model_output_folder(config, dataset):
    """Return the folder that holds the benchmark runs of each forcing product."""
    return config["model_output_root"] or f"{data_folder(config, dataset)}/model_output"


def benchmark_files(config, paper):
    """Return the folder or archive of a paper's benchmark files; None without any.

    Scripts ask for it by themselves, as for `data_folder`.
    """
    given = config[paper].get("benchmark_files")
    if given != PUBLISHED_FILES:
        return given
    if config[paper].get("dataset", config["dataset"]) == "virtual":
        return "resources/virtual/benchmark_models"
    return "resources/downloads/camels_benchmark_models/netcdf.tar.xz"
