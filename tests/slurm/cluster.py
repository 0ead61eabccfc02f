"""A Slurm of one node, with accounting and a GPU that is none, started by hand."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

CONFIG = Path("/etc/slurm")
# Slurm's commands look nowhere else: in its jobs no variable names another place.
FILES = ("slurm.conf", "slurmdbd.conf", "gres.conf")
MARK = "# Written by the tests of rerunoff.\n"
DATABASE_SOCKET = Path("/run/mysqld/mysqld.sock")
LACKING = "not installed: "
DAEMONS = ("munged", "mariadbd", "slurmdbd", "slurmctld", "slurmd")

_SLURM = """\
ClusterName=rerunoff
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munged.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=localhost
AccountingStoragePass={folder}/munged.socket
AccountingStorageTRES=gres/gpu
AccountingStoreFlags=job_comment
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,bf_interval=1
MinJobAge=3600
KillWait=2
ReturnToService=2
GresTypes=gpu
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=12000 Gres=gpu:1
PartitionName=cpu Nodes={host} Default=YES
PartitionName=gpu Nodes={host}
"""
_ACCOUNTING = """\
DbdHost=localhost
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munged.socket
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
LogFile={folder}/slurmdbd.log
PidFile={folder}/slurmdbd.pid
"""
# A device file is needed for the node to stay up; no job opens it.
_GPU = "NodeName={host} Name=gpu File=/dev/null\n"


def _answers(path):
    """Whether somebody listens at a socket; a killed run may have left its file."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


def why_not():
    """Say why there can be no such cluster here, or return nothing.

    A machine that lacks something begins with `LACKING`; the others are not ours.
    """
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return "only root can start Slurm's daemons"
    missing = [name for name in (*DAEMONS, "sacct") if not shutil.which(name)]
    if missing:
        return f"{LACKING}{', '.join(missing)}; see .ci/run"
    for conf in (CONFIG / name for name in FILES):
        if conf.exists() and not conf.read_text().startswith(MARK):
            return f"{conf} is there: this machine has a Slurm of its own"
    if _answers(DATABASE_SOCKET):
        return f"{DATABASE_SOCKET} is there: this machine has a database of its own"
    return None


class Cluster:
    """The daemons and their files, below one folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._host = subprocess.check_output(["hostname", "-s"], text=True).strip()

    def start(self):
        for name in ("state", "spool", "database"):
            (self.folder / name).mkdir()
        self._configure()
        self._start_munge()
        self._start_database()
        _run("slurmdbd")
        _until(lambda: _works("sacctmgr", "-i", "add", "cluster", "rerunoff"))
        _run("slurmctld")
        _run("slurmd")
        _until(lambda: _run("sinfo", "--noheader", "--states=idle"))

    def stop(self):
        """End every job and daemon, these by their pid files."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            _works("scancel", "--full", "--user=root", timeout=20)
        for name in reversed(DAEMONS):
            path = self.folder / f"{name}.pid"
            if path.exists():
                _end(int(path.read_text()))
        for name in FILES:
            (CONFIG / name).unlink(missing_ok=True)

    def jobs(self, *fields):
        """Return what accounting knows of all jobs, a dict each, once all ended."""
        command = ["sacct", "--allocations", "--parsable2", "--noheader"]
        command += ["--starttime=now-1days", f"--format={','.join((*fields, 'End'))}"]
        # Accounting hears of an end a little later than whoever asks Slurm itself.
        _until(lambda: "|Unknown\n" not in _run(*command))
        lines = [line.split("|")[:-1] for line in _run(*command).splitlines()]
        return [dict(zip(fields, line, strict=True)) for line in lines]

    def _configure(self):
        CONFIG.mkdir(exist_ok=True)
        given = {"host": self._host, "folder": self.folder}
        for name, text in zip(FILES, (_SLURM, _ACCOUNTING, _GPU), strict=True):
            path = CONFIG / name
            path.write_text(MARK + text.format(**given))
            # slurmdbd wants its own to be nobody else's.
            path.chmod(0o600 if name == "slurmdbd.conf" else 0o644)

    def _start_munge(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        files = {"key-file": key, "socket": "munged.socket", "pid-file": "munged.pid"}
        files |= {"seed-file": "munged.seed", "log-file": "munged.log"}
        told = [f"--{name}={self.folder / path}" for name, path in files.items()]
        _run("munged", "--force", *told)

    def _start_database(self):
        DATABASE_SOCKET.parent.mkdir(exist_ok=True)
        told = ["--no-defaults", "--user=root", f"--datadir={self.folder / 'database'}"]
        free = "--auth-root-authentication-method=normal"
        _run("mariadb-install-db", *told, "--skip-test-db", free)
        pid, log = (self.folder / f"mariadbd.{end}" for end in ("pid", "log"))
        told += [f"--socket={DATABASE_SOCKET}", f"--pid-file={pid}"]
        told += ["--skip-networking", f"--log-error={log}"]
        subprocess.Popen(["mariadbd", *told], start_new_session=True)
        _until(lambda: DATABASE_SOCKET.exists() and pid.exists())


def _run(*command):
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def _works(*command, **told):
    done = subprocess.run(command, capture_output=True, check=False, **told)
    return done.returncode == 0


def _until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _end(number):
    try:
        os.kill(number, signal.SIGTERM)
        _until(lambda: not _is_running(number))
    except ProcessLookupError:
        return


def _is_running(number):
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
