"""Execute a notebook with parameters, and write it as a notebook and as a page."""

from pathlib import Path

import papermill
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbconvert import HTMLExporter
from rerunoff import jobs
from rerunoff.errors import InputError
from rerunoff.files import atomic_path, write_text


class OwnKernelManager(AsyncKernelManager):
    """Starts the Python that runs this script, whatever kernels are installed."""

    def _kernel_spec_manager_default(self):
        return KernelSpecManager(kernel_dirs=[], parent=self)


def main(notebook, parameters, executed, page):
    with atomic_path(executed) as part:
        try:
            result = papermill.execute_notebook(
                notebook,
                part,
                parameters,
                # Without installed kernels this name stands for our own Python.
                kernel_name="python3",
                kernel_manager_class=OwnKernelManager,
                progress_bar=False,
            )
        except papermill.PapermillExecutionError as error:
            raise InputError(_sentence(notebook, error)) from error
        metadata = {"name": Path(executed).stem}
        text, _ = HTMLExporter().from_notebook_node(result, {"metadata": metadata})
        write_text(page, text)


def _sentence(notebook, error):
    """Say in one sentence which cell failed, and with what."""
    words = " ".join(error.evalue.split()).rstrip(".")
    fault = f"{error.ename}: {words}" if words else error.ename
    return f"{notebook}, cell {error.exec_count}, ended with {fault}."


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        notebook=snakemake.input.notebook,
        parameters=snakemake.params.parameters
        | {
            "scripts": snakemake.scriptdir,
            "data_root": jobs.data_folder(
                snakemake.config, snakemake.params.parameters["dataset"]
            ),
        },
        executed=snakemake.output.notebook,
        page=snakemake.output.page,
    )
