"""How a run ends on bad input, on a crash and on Ctrl-C: one sentence each."""

import logging
import shlex
import signal
import sys

from snakemake.jobs import GroupJob, Job
from snakemake.logging import logger
from snakemake.settings.types import ExecutionSettings

# Snakemake puts its interpreter into a shell command as it is, spaces included.
sys.executable = shlex.quote(sys.executable)

# The package lies beside the scripts; scripts find it by themselves, this file does not.
sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from rerunoff.errors import InputError
from rerunoff.jobs import refusal_of


def or_give_up(function, *arguments):
    """Call a function; end with the one sentence of its InputError."""
    try:
        return function(*arguments)
    except InputError as error:
        give_up(error)


def give_up(sentence):
    """End with a sentence; an exception would add the rule, wildcards and traceback."""
    logger.error(str(sentence))
    raise SystemExit(1)


def restarts_of(job):
    """Return how often a failed job is tried again: never after bad input.

    On a cluster by the process that submits it alone: with more memory and time.
    """
    refused = any(refusal_of(log).exists() for log in job.log)
    return 0 if refused or workflow.remote_exec else job.rule.restart_times


# Snakemake's key `retries` is a number and cannot tell a crash from bad input.
Job.restart_times = property(restarts_of)
GroupJob.restart_times = property(lambda group: min(map(restarts_of, group.jobs)))

# One failed run does not stop the others of its group either: the job that a cluster
# runs does not know the option of that name.
if workflow.remote_exec:
    ExecutionSettings.keep_going = property(lambda _: True, lambda _, value: None)


# sacct says of some jobs "CANCELLED by" and whose id, which the plugin (2.8.0) takes for
# one that goes on, and waits for ever.
if plugin := sys.modules.get("snakemake_executor_plugin_slurm"):
    asked = plugin.query_job_status

    async def first_words(command, logger):
        """Ask Slurm for the states of jobs, one word each."""
        states, seconds = await asked(command, logger)
        states = states and {job: word.split(" ")[0] for job, word in states.items()}
        return states, seconds

    plugin.query_job_status = first_words


def say_how_to_go_on():
    """End a run whose jobs failed with one sentence, below what each of them said."""
    logger.error(
        "Some jobs failed, as is said above: what is finished is kept, and without the "
        "cause the same command goes on from there, a training from its last whole epoch."
    )


def interrupted(number, frame):
    """End on Ctrl-C with one sentence, instead of one report per running job."""
    logger.error(
        "Interrupted: what is finished is kept, and the same command goes on from "
        "there, a training from its last whole epoch."
    )
    logging.disable(logging.CRITICAL)
    raise SystemExit(128 + number)


# A run in the background of a shell script may have been told to ignore it.
if workflow.is_main_process and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
    signal.signal(signal.SIGINT, interrupted)
