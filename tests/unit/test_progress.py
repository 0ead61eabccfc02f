"""Lines of a log about long work, and the bar of a terminal."""

import logging
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path
from types import SimpleNamespace

import pytest
from rerunoff import progress
from rerunoff.progress import Progress, TrainingsDone, duration, watched

PACKAGE = Path(progress.__file__).parents[1]


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    time = SimpleNamespace(now=0.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: time.now)
    return time


def test_a_log_has_a_line_a_minute_with_share_and_time_left(clock, caplog):
    caplog.set_level(logging.INFO)
    for _ in watched(range(400), "training"):
        clock.now += 15
    lines = caplog.messages
    # 100 minutes in all.
    assert len(lines) >= 100
    assert lines[0] == "training: 1% done, about 1 h 39 min left"
    assert "training: 50% done, about 50 min left" in lines
    assert lines[-1].startswith("training: 100% done")


def test_work_of_an_earlier_call_counts_as_done_but_not_for_the_speed(clock, caplog):
    caplog.set_level(logging.INFO)
    resumed = Progress("training", 100, done=80)
    clock.now = 60
    resumed.advance()
    assert caplog.messages == ["training: 81% done, about 19 min left"]


def test_without_a_total_the_size_is_told(clock, caplog):
    caplog.set_level(logging.INFO)
    unknown = Progress("data.zip", None, unit="B")
    clock.now = 60
    unknown.advance(2_500_000)
    assert caplog.messages == ["data.zip: 2.5 MB done"]


def test_short_work_says_nothing(clock, caplog):
    caplog.set_level(logging.INFO)
    assert list(watched(iter("abc"), "reading", 3)) == ["a", "b", "c"]
    assert not caplog.messages


def test_a_terminal_gets_a_bar():
    code = (
        "import time; from rerunoff.progress import watched\n"
        "for _ in watched(range(20), 'training'): time.sleep(0.02)"
    )
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-c", code]
    subprocess.run(command, stderr=theirs, env=environment, check=True)
    os.set_blocking(ours, False)
    shown = os.read(ours, 100_000).decode()
    os.close(theirs)
    assert "training:" in shown
    assert "%|" in shown
    assert "<00:0" in shown  # time left


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "less than a minute"),
        (59 * 60, "about 59 min"),
        (3 * 3600 + 240, "about 3 h 04 min"),
    ],
)
def test_durations_are_read_at_a_glance(seconds, words):
    assert duration(seconds) == words


def test_a_batch_says_how_many_trainings_are_done(clock):
    said = []
    count = TrainingsDone({1, 2, 3}, said.append)

    def tell(event, **values):
        assert count.filter(SimpleNamespace(event=event, **values))

    tell("job_started", jobs=[1, 2, 9])
    clock.now = 600
    tell("job_finished", job_id=9)
    assert not said
    tell("job_finished", job_id=1)
    tell("job_started", jobs=[3])
    tell("job_error", jobid=3)
    tell("job_finished", job_id=2)
    tell("job_started", jobs=[3])
    tell("job_finished", job_id=3)
    assert said == [
        "Trainings: 1 of 3 done, 1 running, about 20 min left.",
        "Trainings: 2 of 3 done, about 5 min left.",
        "Trainings: 3 of 3 done.",
    ]
    # Messages that are no events pass too.
    assert count.filter(logging.makeLogRecord({"msg": "hello"}))
