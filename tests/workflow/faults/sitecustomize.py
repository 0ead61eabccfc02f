"""Make jobs die, or wait, at a place that is the same in each test run.

A test puts this folder on PYTHONPATH, so that each Python process imports it at its
start. A job renames what it has written (`files.atomic_path`); right before such a
rename it kills itself, or waits until the test lets it go on. Snakemake's own process
has no object `snakemake` and is left alone.

RERUNOFF_FAULTS names a folder that remembers who died or waits. RERUNOFF_KILLS is JSON:
script to the renames (1 is the first) before which its first, second, ... attempt dies;
"*" stands for all other scripts. RERUNOFF_HOLD names a script that waits before its
first rename for the file `go` in the folder.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

FOLDER = os.environ.get("RERUNOFF_FAULTS")
_replace, _renames = os.replace, []


def replace(*arguments, **options):
    """Rename a file, unless the job shall die of it."""
    job = getattr(sys.modules["__main__"], "snakemake", None)
    if hasattr(job, "output"):
        _renames.append(arguments)
        script = Path(sys.argv[0]).name.split(".", 1)[1]
        _die(script, Path(FOLDER, script + "|" + str(job.log[0]).replace("/", "|")))
        if script == os.environ.get("RERUNOFF_HOLD"):
            _wait(Path(FOLDER, "waits"))
    return _replace(*arguments, **options)


def _die(script, mark):
    kills = json.loads(os.environ.get("RERUNOFF_KILLS", "{}"))
    died = len(list(mark.parent.glob(f"{mark.name}|*")))
    places = kills.get(script, kills.get("*", []))
    if died < len(places) and len(_renames) == places[died]:
        mark.with_name(f"{mark.name}|{died}").write_text(str(_renames[-1][1]))
        os.kill(os.getpid(), signal.SIGKILL)


def _wait(mark):
    mark.touch()
    while not mark.with_name("go").exists():
        time.sleep(0.05)


if FOLDER:
    os.replace = replace
