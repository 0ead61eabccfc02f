"""Execute a notebook with parameters, and write it as a notebook and as a page."""

import os
import sys
from pathlib import Path

import papermill
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbconvert import HTMLExporter
from papermill.iorw import write_ipynb
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
        result = _without_machine(result, parameters)
        write_ipynb(result, str(part))
        metadata = {"name": Path(executed).stem}
        text, _ = HTMLExporter().from_notebook_node(result, {"metadata": metadata})
        write_text(page, text)


def _without_machine(notebook, parameters):
    """Return a notebook without where and when it ran, because it is passed on.

    Folders get the names that they have beside the folder `notebooks` of the project.
    """
    shown = {
        parameters.get("scripts", ""): "../workflow_scripts",
        parameters.get("data_root", ""): f"../resources/{parameters.get('dataset')}",
        sys.prefix: "python",
        os.getcwd(): ".",
    }
    # The longest first, because one folder may hold another.
    places = sorted(filter(os.path.isabs, shown), key=len, reverse=True)
    for part in (notebook, *notebook.cells):
        for name in ("papermill", "execution"):
            part.metadata.pop(name, None)
    return _named(notebook, [(place, shown[place]) for place in places])


def _named(value, names):
    """Return values with other names of folders in all texts but pictures."""
    if isinstance(value, dict):
        # Of its own type, whose keys can be had as attributes.
        return type(value)(
            (key, item if key.startswith("image/") else _named(item, names))
            for key, item in value.items()
        )
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    for place, name in names if isinstance(value, str) else ():
        value = value.replace(place, name)
    return value


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
