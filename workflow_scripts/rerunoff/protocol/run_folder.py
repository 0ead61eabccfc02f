"""What a run's folder remembers of its configuration.

Only what differs from the project's own files is kept, so that a change in config/
still has its effect in a folder that was run with the papers' configuration.
"""

import json
import os
import time
from pathlib import Path

import yaml

from rerunoff.errors import InputError
from rerunoff.files import disk_errors, write_text
from rerunoff.yaml_files import read_yaml

FOLDER_CONFIG = "results/config.yaml"
_BEFORE = "results/config.previous.yaml"
# Clocks of machines that share a disk differ by less.
_AHEAD = 600
_HEADER = """\
# What the last run in this folder was told beyond the project's own config/. A call
# here without --configfile and --config takes it; delete it to start from config/.
"""


def check_writable():
    """Refuse a run's folder that is read-only, before Snakemake's traceback says it.

    Raises
    ------
    InputError
        If the working directory, or Snakemake's folder in it, cannot be written to.
    """
    for folder in (Path.cwd(), Path.cwd() / ".snakemake"):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(
                f"Cannot write into {folder}: the disk is read-only, or you may not; "
                "make it writable or name another folder with --directory."
            )


def check_quoted(paths):
    """Refuse folders that conda's commands, which a shell reads, would run parts of.

    Parameters
    ----------
    paths : iterable of str or Path
        The run's folder and that of the environments.

    Raises
    ------
    InputError
        If one has a dollar sign, a backtick, a quotation mark, an apostrophe or a
        backslash.
    """
    for path in map(str, paths):
        # Of an environment's folder, conda's commands stand between either quotes.
        if found := set(path) & set("$`\"'\\"):
            raise InputError(
                f"The folder {path} has the character {min(found)} in its name, which "
                "--use-conda hands to a shell; name another folder."
            )


def check_clock(paths):
    """Refuse inputs dated in the future: whatever is made of them counts as older.

    Such are left when a clock that went ahead is set back.

    Parameters
    ----------
    paths : iterable of str or Path
        Inputs of the jobs to be done; those that are not there yet do not count.

    Raises
    ------
    InputError
        If one is dated more than ten minutes ahead of this machine's clock.
    """
    now = time.time()
    for path in sorted({Path(path) for path in paths}):
        ahead = path.stat().st_mtime - now if path.exists() else 0
        if ahead > _AHEAD:
            raise InputError(
                f"{path} is dated {ahead / 3600:.1f} hours ahead of this machine's "
                "clock, so that each call would make again what is made of it; set "
                "the clock right, or give this command once with --touch --forceall, "
                "which makes nothing and dates all that is there as made now."
            )


def changes(config, defaults):
    """Return the part of a configuration that differs from the defaults.

    Parameters
    ----------
    config : dict
        As Snakemake merged it: lists are replaced whole, mappings key by key.
    defaults : dict

    Returns
    -------
    dict
        Laid over `defaults` it gives `config`.
    """
    found = {}
    for key, value in config.items():
        default = defaults.get(key)
        if isinstance(value, dict) and isinstance(default, dict):
            if inner := changes(value, default):
                found[key] = inner
        elif key not in defaults or value != default:
            found[key] = value
    return found


def read_defaults(paths):
    """Return the project's own configuration: its files one after the other."""
    return {key: value for path in paths for key, value in read_yaml(path).items()}


def remembered():
    """Return what this folder's last run was told; None if there was none.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    if not Path(FOLDER_CONFIG).is_file():
        return None
    told = read_yaml(FOLDER_CONFIG)
    if not isinstance(told, dict):
        raise InputError(
            f"{FOLDER_CONFIG}: this is no mapping of keys; delete it, and give the "
            "configuration of this folder once more with --configfile."
        )
    return told


def remember(told):
    """Write what this run is told; another run's is kept beside it.

    Parameters
    ----------
    told : dict
        From `changes`.
    """
    # Through JSON, because Snakemake's mappings are no plain dicts.
    told = json.loads(json.dumps(told))
    before = remembered()
    if before == told:
        return
    if before is not None:
        with disk_errors(_BEFORE):
            write_text(_BEFORE, Path(FOLDER_CONFIG).read_text(encoding="utf-8"))
    with disk_errors(FOLDER_CONFIG):
        write_text(FOLDER_CONFIG, _HEADER + yaml.safe_dump(told, sort_keys=False))


def warning(told, trainings):
    """Say that a run trains because it is told other things than the last one here.

    Parameters
    ----------
    told : dict
        From `changes`.
    trainings : int
        How many are to be done.

    Returns
    -------
    str or None
        One sentence; None if there is nothing to say.
    """
    before = remembered()
    if not trainings or before is None or before == json.loads(json.dumps(told)):
        return None
    return (
        f"This run is told other things than the last one in this folder, and does "
        f"{trainings} trainings; to stop press Ctrl-C, to go on as before leave out "
        f"--configfile and --config ({_BEFORE} keeps what the last run was told)."
    )
