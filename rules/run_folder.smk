"""A run's folder knows its configuration: what its last run was told."""

from pathlib import Path

from snakemake.settings.types import DeploymentMethod

from rerunoff.gpu import check_gpu
from rerunoff.group_messages import MembersStarted, UnfinishedOnly
from rerunoff.jobs import forget_refusals
from rerunoff.progress import TrainingsDone
from rerunoff.protocol.recorded import (
    CONFIG,
    check_jobs,
    check_unchanged,
    find_records,
    recorded_files,
    shown_series,
)
from rerunoff.protocol.run_folder import (
    FOLDER_CONFIG,
    changes,
    check_clock,
    check_quoted,
    check_writable,
    read_defaults,
    remember,
    remembered,
    warning,
)

BY_CONDA = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method

if workflow.is_main_process:
    or_give_up(check_writable)
    if BY_CONDA:
        prefix = workflow.deployment_settings.conda_prefix or ""
        or_give_up(check_quoted, (Path.cwd(), prefix, workflow.basedir))

OWN_FILES = list(workflow.configfiles)

if not workflow.config_settings.overwrite_config and or_give_up(remembered):

    configfile: FOLDER_CONFIG

    if workflow.is_main_process:
        logger.info(
            f"The configuration is that of the last run in this folder, {FOLDER_CONFIG}."
        )


RECORDS = or_give_up(find_records, config, workflow.basedir)

# A record knows its configuration, as a run's folder does.
for record in RECORDS:

    configfile: record / CONFIG


RECORDED = recorded_files(RECORDS)
DEFAULTS = read_defaults(OWN_FILES)

for record in RECORDS:
    or_give_up(check_unchanged, record, config, DEFAULTS)

# Here, because validation and defaults are laid over the configuration after this.
TOLD = changes(config, DEFAULTS)


def groups_of(dag):
    """Return the numbers of the jobs of each group of a cluster, by its name."""
    groups = {dag.get_job_group(job) for job in dag.needrun_jobs()} - {None}
    return {group.jobid: [job.jobid for job in group] for group in groups}


onstart:
    planned = list(workflow.dag.needrun_jobs())
    rules_planned = {job.rule.name for job in planned}
    if RECORDS:
        or_give_up(check_jobs, rules_planned)
    trainings = [job for job in planned if job.rule.name in TRAINING_RULES]
    # The machine that submits jobs to a cluster needs no GPU.
    if config["device"] == "cuda" and workflow.local_exec:
        if rules_planned.intersection(GPU_RULES):
            or_give_up(check_gpu)
    if not workflow.touch:
        or_give_up(check_clock, (path for job in planned for path in job.input))
    if sentence := warning(TOLD, len(trainings)):
        logger.warning(sentence)
    or_give_up(forget_refusals, {log for job in planned for log in job.log})
    or_give_up(remember, TOLD)
    logger.addFilter(MembersStarted(groups_of(workflow.dag)))
    logger.addFilter(TrainingsDone({job.jobid for job in trainings}, logger.info))
    logger.addFilter(UnfinishedOnly())
