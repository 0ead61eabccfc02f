"""What made a result: code, versions, date, configuration and data.

Jobs ask for it while they write. Rules do not pass it, because a new commit or another
day alone must rerun nothing.
"""

import datetime
import hashlib
import importlib.metadata
import json
import logging
import os
import platform
import subprocess
from collections import Counter
from pathlib import Path

import rerunoff
from rerunoff.files import disk_errors, write_text
from rerunoff.seals import seal_of

_log = logging.getLogger(__name__)
_PROJECT = Path(__file__).resolve().parents[2]
_CODE = ("workflow_scripts", "rules", "config", "Snakefile")
# What numbers and figures depend on.
_LIBRARIES = (
    "torch", "numpy", "scipy", "matplotlib", "scikit-learn", "umap-learn", "SALib",
)  # fmt: skip
# What a call holds.
_CALL = {"first": str, "last": str, "commit": str | None, "versions": dict}
_CALL |= {"configuration": str, "data": str | None, "jobs": dict}
# Where things lie and who computes; neither changes what is computed.
_PLACES = (
    "data_root", "published_root", "model_output_root", "datasets_file",
    "weights_root",
    "device", "float32_precision", "threads",
)  # fmt: skip


def commit(project=_PROJECT):
    """Return the git commit of the code, and whether files differ from it.

    Parameters
    ----------
    project : Path
        The folder of the project.

    Returns
    -------
    str or None
        40 hexadecimal digits, with `+ changes` if a file of the code is changed or new;
        None where the project is no git repository of its own, or there is no git.
    """
    # A copy without git may lie within another repository.
    if not (project / ".git").exists():
        return None
    head = _git(project, "rev-parse", "HEAD")
    if head is None:
        return None
    changed = _git(project, "status", "--porcelain", "--", *_CODE)
    return head + " + changes" * bool(changed)


def _git(project, *arguments):
    """Return what git says; None without git or if it fails."""
    command = ["git", "-C", str(project), *arguments]
    try:
        # S603: a list of fixed words and a folder, without a shell.
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def versions(*libraries):
    """Return the versions of this project, of Python and of some libraries."""
    found = {name: importlib.metadata.version(name) for name in libraries}
    ours = {"rerunoff": rerunoff.__version__, "python": platform.python_version()}
    return {**ours, **found}


def machine():
    """Return the name of the processor and the number of its cores."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    name = names[0] if names else platform.processor() or platform.machine()
    # Of a container or a batch job, where the system tells them.
    allowed = getattr(os, "sched_getaffinity", None)
    return f"{name}, {len(allowed(0)) if allowed else os.cpu_count()} cores"


def now():
    """Return the time to write into a file, UTC.

    Whoever wants the same file twice sets SOURCE_DATE_EPOCH to seconds since 1970
    (https://reproducible-builds.org/specs/source-date-epoch).
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds is not None:
        return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def in_words(config, *libraries):
    """Return what makes a result now, in words.

    Parameters
    ----------
    config : dict
    *libraries : str
        Whose versions to name.

    Returns
    -------
    list of str
        Date, commit, digest of the configuration (its start), versions.
    """
    software = versions(*libraries).items()
    return [
        f"made {now():%Y-%m-%d %H:%M} UTC",
        f"commit {commit() or 'not known, no git'}",
        f"configuration {config_digest(config)[:12]}",
        ", ".join(f"{name} {number}" for name, number in software),
    ]


def config_digest(config):
    """Return a digest of a configuration, the same wherever data lie.

    Parameters
    ----------
    config : dict

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    kept = {key: value for key, value in config.items() if key not in _PLACES}
    text = json.dumps(kept, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def data_digest(paths):
    """Return a digest of the checksums of those files that carry one.

    Parameters
    ----------
    paths : iterable of str or Path

    Returns
    -------
    str or None
        64 hexadecimal digits; None if no file has a checksum of this package.
    """
    found = [seal for path in paths if (seal := seal_of(path))]
    return hashlib.sha256(" ".join(found).encode()).hexdigest() if found else None


def add_call(path, config, jobs, data, conda=False):
    """Add a call of the workflow to the list of those that made a folder's results.

    A folder grows over several calls: a training that went on after a kill, a figure
    that was drawn anew. Each says what it made, and with what; calls that had the same
    commit, versions, configuration, data and machine are one.

    Parameters
    ----------
    path : str or Path
        JSON: a list, the last call at its end. One that cannot be read is renamed.
    config : dict
    jobs : iterable of str
        The rule of each job that ended well.
    data : iterable of str or Path
        The stores that the folder holds now.
    conda : bool
        Whether jobs ran in the environments of envs/, not in this process' own.
    """
    date, calls = now().isoformat(), read_calls(path)
    libraries = () if conda else _LIBRARIES
    facts = {
        "commit": commit(),
        "versions": versions("snakemake", *libraries)
        | ({"others": "as in envs/"} if conda else {}),
        "configuration": config_digest(config),
        "data": data_digest(data),
        "machine": machine(),
    }
    call, made = {"first": date, "last": date, **facts, "jobs": {}}, Counter(jobs)
    if calls and {name: calls[-1].get(name) for name in facts} == facts:
        call = calls.pop() | {"last": date}
    call["jobs"] = dict(sorted((made + Counter(call["jobs"])).items()))
    text = json.dumps([*calls, call], indent=1, ensure_ascii=False)
    with disk_errors(path):
        write_text(path, text + "\n")


def _is_call(value):
    """Whether a value of the list is as `add_call` wrote it."""
    if not isinstance(value, dict) or not _CALL.keys() <= value.keys():
        return False
    kinds = all(isinstance(value[name], kind) for name, kind in _CALL.items())
    # Calls before 2026-11-28 do not name the machine.
    kinds &= isinstance(value.get("machine", ""), str)
    return kinds and all(isinstance(number, int) for number in value["jobs"].values())


def read_calls(path):
    """Return the calls that made the results of a folder; none if there is no list."""
    path = Path(path)
    if not path.is_file():
        return []
    try:
        calls = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(calls, list) and all(map(_is_call, calls)):
            return calls
    except (ValueError, RecursionError):
        pass
    aside = path.with_name(f"{path.name}.damaged")
    path.replace(aside)
    _log.warning("%s is damaged; it is now %s and a new list begins.", path, aside)
    return []
