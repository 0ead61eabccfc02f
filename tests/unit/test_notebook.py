"""The notebook as it is committed, and the script that executes notebooks."""

import ast
import datetime
import importlib
import json
import re
import sys
from pathlib import Path

import execute_notebook
import nbformat
import papermill
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook
from rerunoff import jobs
from rerunoff.fingerprint import closure

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "notebooks" / "single_basin.ipynb"
SCRIPTS = ROOT / "workflow_scripts"
# Import names that differ from conda's.
PACKAGES = {
    "yaml": "pyyaml",
    "torch": "pytorch-cpu",
    "matplotlib": "matplotlib-base",
    "sklearn": "scikit-learn",
}


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(PATH, as_version=4)


@pytest.fixture(scope="module")
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def trees(code):
    plain = [re.sub(r"(?m)^%.*$", "", cell.source) for cell in code]
    return [ast.parse(source) for source in plain]


def test_is_a_valid_notebook(notebook):
    nbformat.validate(notebook)


def test_first_code_cell_holds_the_parameters_that_the_rule_sets(code):
    assert code[0].metadata.tags == ["parameters"]
    known = set(papermill.inspect_notebook(PATH))
    rule = (ROOT / "rules" / "papers" / "kratzert2018_helpers.smk").read_text()
    rule = rule[rule.index("def notebook_parameters") :]
    wanted = set(re.findall(r'^        "(\w+)": ', rule, flags=re.MULTILINE))
    assert wanted | {"scripts", "data_root"} == known


def test_every_cell_was_executed_in_order_without_error(code):
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds == {"stream", "execute_result", "display_data"}


def test_says_which_forcing_its_outputs_come_from(notebook, code):
    assert "NLDAS forcing" in notebook.cells[0].source
    (first, *_) = [cell.outputs[0] for cell in code if cell.outputs]
    assert first.text.startswith("Basin 01022500, nldas forcing")


def test_names_no_place_of_the_machine_it_ran_on(notebook):
    def texts(value, key=""):
        if isinstance(value, str) and key != "image/png":
            yield value
        elif isinstance(value, dict):
            for name, item in value.items():
                yield from texts(item, name)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)

    places = re.compile(r"""(^|[\s"'(=,])(/\w|~/|[A-Za-z]:\\|file:)""")
    assert not [text for text in texts(notebook) if places.search(text)]
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_imports_what_there_is(trees):
    imports = [n for tree in trees for n in ast.walk(tree)]
    imports = [n for n in imports if isinstance(n, ast.ImportFrom)]
    ours = [n for n in imports if n.module.startswith("rerunoff")]
    assert len(ours) > 10
    for node in imports:
        module = importlib.import_module(node.module)
        for name in node.names:
            assert hasattr(module, name.name), (node.module, name.name)


def test_environment_has_what_the_notebook_imports(trees, tmp_path):
    script = tmp_path / "notebook.py"
    script.write_text("\n".join(ast.unparse(tree) for tree in trees))
    environment = yaml.safe_load((ROOT / "envs" / "notebook.yaml").read_text())
    pins = {pin.split("=")[0] for pin in environment["dependencies"]}
    for path in closure(script, SCRIPTS):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module]
            for name in {name.split(".")[0] for name in names}:
                known = name in sys.stdlib_module_names or name == "rerunoff"
                assert known or PACKAGES.get(name, name) in pins, (path, name)


def written(path, *sources):
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    metadata = {"language_info": {"name": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def test_runs_its_own_python_with_parameters(tmp_path, monkeypatch):
    # A kernel of the user's that must not be taken.
    kernel = tmp_path / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = ["/bin/false", "{connection_file}"]
    spec = {"argv": argv, "display_name": "other", "language": "python"}
    kernel.write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    source = written(
        tmp_path / "in.ipynb", "a = 1", "import sys\n(a == sys.executable, a)"
    )
    executed, page = tmp_path / "out" / "n.ipynb", tmp_path / "out" / "n.html"
    execute_notebook.main(source, {"a": sys.executable}, executed, page)
    output = nbformat.read(executed, as_version=4).cells[-1].outputs[0]
    assert output.data["text/plain"].startswith("(True, ")
    assert "<title>n</title>" in page.read_text()
    assert sorted(path.name for path in executed.parent.iterdir()) == [
        page.name,
        "n.ipynb",
    ]


def test_executed_copy_names_no_place_of_the_machine(tmp_path, monkeypatch):
    home = tmp_path / "home of the builder"
    scripts, data = home / "code" / "workflow_scripts", home / "data"
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    source = written(
        tmp_path / "in.ipynb",
        'scripts = ""\ndata_root = ""\ndataset = ""',
        "import os, sys\nprint(scripts, data_root, os.getcwd())",
        "import sys\nprint(data_root + '/camels.txt', sys.prefix, file=sys.stderr)",
        "{'place': data_root}",
    )
    places = {"scripts": str(scripts), "data_root": str(data), "dataset": "camels_us"}
    executed, page = tmp_path / "run" / "n.ipynb", tmp_path / "run" / "n.html"
    execute_notebook.main(source, places, executed, page)
    cells = nbformat.read(executed, 4).cells
    # Where papermill and Jupyter keep the times of a run and of its cells.
    assert not {"papermill", "execution"} & {k for c in cells for k in c.metadata}
    for path in (executed, page):
        text = path.read_text()
        assert str(tmp_path) not in text
        assert str(home) not in text
        assert sys.prefix not in text
        assert f"{datetime.date.today():%Y-%m-%d}T" not in text
    outputs = [
        o for c in nbformat.read(executed, 4).cells for o in c.get("outputs", ())
    ]
    assert outputs[0].text == "../workflow_scripts ../resources/camels_us .\n"
    assert outputs[1].text == "../resources/camels_us/camels.txt python\n"
    assert outputs[2].data["text/plain"] == "{'place': '../resources/camels_us'}"
    nbformat.validate(nbformat.read(executed, 4))


def test_failing_cell_ends_in_one_sentence_and_leaves_nothing(tmp_path, complaint):
    sources = ["a = 1", "raise ValueError('two\\nlines.')"]
    source = written(tmp_path / "bad.ipynb", *sources)
    out = tmp_path / "out"
    arguments = {"executed": out / "n.ipynb", "page": out / "n.html"}
    message = complaint(execute_notebook.main, source, {}, **arguments)
    assert message == f"{source}, cell 2, ended with ValueError: two lines."
    assert not list(out.iterdir())


def test_failing_cell_ends_the_job(tmp_path):
    source = written(tmp_path / "bad.ipynb", "1 / 0")
    log, out = tmp_path / "job.log", tmp_path / "out"
    arguments = {"notebook": source, "parameters": {}}
    arguments |= {"executed": out / "n.ipynb", "page": out / "n.html"}
    with pytest.raises(SystemExit) as ended:
        jobs.run(execute_notebook.main, log, **arguments)
    assert ended.value.code == 1
    last = log.read_text().splitlines()[-1]
    assert last.endswith("cell 1, ended with ZeroDivisionError: division by zero.")
