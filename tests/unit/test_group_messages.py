"""Messages on groups of jobs, as a cluster runs them."""

import logging
from types import SimpleNamespace

from rerunoff.group_messages import MembersStarted, UnfinishedOnly


def told(number, path):
    return {"jobid": number, "output": [str(path)]}


def test_a_started_group_counts_as_its_jobs():
    record = SimpleNamespace(event="job_started", jobs=[7, "group"])
    assert MembersStarted({"group": [1, 2]}).filter(record)
    assert record.jobs == [7, 1, 2]


def test_of_a_failed_group_the_unfinished_jobs_are_named(tmp_path):
    there, lacking = tmp_path / "a", tmp_path / "b"
    there.touch()
    only = UnfinishedOnly()
    group = SimpleNamespace(
        event="group_error", job_error_info=[told(1, there), told(2, lacking)]
    )
    assert only.filter(group)
    assert [job["jobid"] for job in group.job_error_info] == [2]
    assert not only.filter(SimpleNamespace(event="job_error", jobid=1))
    assert only.filter(SimpleNamespace(event="job_error", jobid=2))
    # Later, by itself.
    assert only.filter(SimpleNamespace(event="job_error", jobid=1))


def test_a_group_that_failed_with_all_outputs_names_all(tmp_path):
    only = UnfinishedOnly()
    group = SimpleNamespace(event="group_error", job_error_info=[told(1, tmp_path)])
    only.filter(group)
    assert len(group.job_error_info) == 1
    assert only.filter(SimpleNamespace(event="job_error", jobid=1))


def test_all_other_messages_pass():
    record = logging.makeLogRecord({"msg": "hello"})
    assert MembersStarted({}).filter(record)
    assert UnfinishedOnly().filter(record)
