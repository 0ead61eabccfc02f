"""Messages on jobs that a cluster runs in groups: of the runs, not of the group.

Filters of Snakemake's logger, which pass what is no event of a group on as it is.
"""

import logging
from pathlib import Path


class MembersStarted(logging.Filter):
    """Says of a started group which jobs these are.

    Parameters
    ----------
    members : dict of str to list of int
        Snakemake's name of each group to the numbers of its jobs.
    """

    def __init__(self, members):
        super().__init__()
        self._members = members

    def filter(self, record):
        """Put the numbers of jobs into a record in the place of groups."""
        if getattr(record, "event", None) == "job_started":
            started = [self._members.get(job, [job]) for job in record.jobs]
            record.jobs = [job for jobs in started for job in jobs]
        return True


class UnfinishedOnly(logging.Filter):
    """Leaves the jobs that did finish out of the message that their group failed."""

    def __init__(self):
        super().__init__()
        self._finished = set()

    def filter(self, record):
        """Shorten the message on a group; drop those on its finished jobs."""
        event = getattr(record, "event", None)
        if event == "group_error":
            jobs = record.job_error_info
            unfinished = [job for job in jobs if not _is_there(job["output"])]
            # All there: the group failed after them, and something has to be said.
            record.job_error_info = unfinished or jobs
            told = {job["jobid"] for job in record.job_error_info}
            self._finished = {job["jobid"] for job in jobs} - told
        elif event == "job_error" and record.jobid in self._finished:
            self._finished.remove(record.jobid)
            return False
        return True


def _is_there(outputs):
    return all(Path(output).exists() for output in outputs)
