"""Helpers of the record of calls and of the report's first page."""

import shutil


def add_this_call():
    """Record what this call made; nothing if it only touched files."""
    ended = [
        job.rule.name
        for job in workflow.dag.needrun_jobs(exclude_finished=False)
        if job.output and workflow.dag.finished(job)
    ]
    if ended and not workflow.touch:
        stores = sorted(Path("results/data").glob("*/*.h5"))
        or_give_up(add_call, PROVENANCE, config, ended, stores, BY_CONDA)
        # The record was written before this call ended.
        if "record" in ended:
            shutil.copyfile(PROVENANCE, "results/record/provenance.json")


def home_page():
    """Return what report/workflow.rst shows of this folder, as reStructuredText."""
    from rerunoff.scorecard.home import calls_table, verdicts_table

    tables = {paper: f"results/scorecard/{paper}.csv" for paper in papers_asked()}
    return f"{verdicts_table(tables)}\n\n{calls_table(PROVENANCE)}"
