"""How far long work is: a bar on a terminal, at least a line a minute in a log."""

import logging
import time

from tqdm import tqdm

_log = logging.getLogger(__name__)
# Seconds between two lines; less than a minute, because a part takes seconds itself.
_EVERY = 45


class Progress:
    """Counts the parts of a piece of work that are done.

    Parameters
    ----------
    work : str
        What it is, for the bar and the lines.
    total : int or None
        Number of parts; without it no share and no time left can be told.
    done : int
        Those that an earlier call did.
    unit : str
        Of a part, for the bar; ``"B"`` stands for bytes.
    """

    def __init__(self, work, total, done=0, unit="it"):
        self._work, self._total, self._done = work, total, done
        self._before, self._begun = done, time.monotonic()
        self._said, self._unit = self._begun, unit
        # disable=None: a bar on a terminal, nothing in a log file.
        self._bar = tqdm(
            desc=work,
            total=total,
            initial=done,
            unit=unit,
            unit_scale=unit == "B",
            disable=None,
            leave=False,
        )

    def advance(self, parts=1):
        """Count more parts."""
        self.reach(self._done + parts)

    def reach(self, done):
        """Set the number of parts that are done."""
        self._bar.update(done - self._done)
        self._done = done
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            _log.info("%s: %s", self._work, self._state(now))

    def over(self, parts):
        """Yield parts, counting each when it is done."""
        for part in parts:
            yield part
            self.advance()

    def close(self):
        """Take the bar away."""
        self._bar.close()

    def _state(self, now):
        """Return the share that is done and the time left."""
        if not self._total:
            size = f"{self._done / 1e6:.1f} MB" if self._unit == "B" else self._done
            return f"{size} done"
        share = self._done / self._total
        left = (now - self._begun) / (self._done - self._before)
        left *= self._total - self._done
        return f"{share:.0%} done, {duration(left)} left"


def watched(parts, work, total=None):
    """Yield parts, with a bar or lines that say how many are done.

    Parameters
    ----------
    parts : iterable
    work : str
    total : int or None
        Number of parts, if they cannot tell it.
    """
    progress = Progress(work, len(parts) if total is None else total)
    yield from progress.over(parts)
    progress.close()


def duration(seconds):
    """Say how long something takes, for a reader who waits for it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"about {minutes} min"
    return f"about {minutes // 60} h {minutes % 60:02d} min"


class TrainingsDone(logging.Filter):
    """Says, after each training of a run, how many are done.

    Passes every record of Snakemake's logger on, and counts those on the trainings.

    Parameters
    ----------
    jobs : set of int
        Snakemake's numbers of the trainings.
    say : callable
        Called with the line.
    """

    def __init__(self, jobs, say):
        super().__init__()
        self._jobs, self._say = jobs, say
        self._running, self._done, self._begun = set(), 0, None

    def filter(self, record):
        """Count the trainings that a record says are started, failed or finished."""
        event = getattr(record, "event", None)
        if event == "job_started":
            self._running |= self._jobs & set(record.jobs)
            if self._running and self._begun is None:
                self._begun = time.monotonic()
        elif event == "job_error":
            self._running.discard(record.jobid)
        elif event == "job_finished" and record.job_id in self._jobs:
            self._running.discard(record.job_id)
            self._done += 1
            self._say(self._line())
        return True

    def _line(self):
        line = f"Trainings: {self._done} of {len(self._jobs)} done"
        rest = len(self._jobs) - self._done
        if not rest:
            return f"{line}."
        left = (time.monotonic() - self._begun) / self._done * rest
        running = f", {len(self._running)} running" if self._running else ""
        return f"{line}{running}, {duration(left)} left."
