"""Commands that the documents show."""

import re
from pathlib import Path

import pytest
import rerunoff
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("config/**/*.yaml")]
# Options of Snakemake that take every word up to the next option.
GREEDY = {
    "--configfile": lambda word: word.endswith(".yaml"),
    "--config": lambda word: "=" in word,
    "--resources": lambda word: "=" in word,
    "--sdm": lambda word: word == "conda",
}


def swallowed(command):
    """Return the words that an option takes for values and that are none of its."""
    found, option = [], None
    for word in command.split():
        if word.startswith("-"):
            option = word
        elif option in GREEDY and not GREEDY[option](word):
            found.append(word)
    return found


def commands(path):
    """Return the Snakemake commands of a document, comment signs and all."""
    text = path.read_text()
    return re.findall(r"snakemake (-[^`|\n]*|[a-z]+\d[^`|\n]*)", text)


def test_version_of_the_package_is_everywhere():
    """Its home is `rerunoff.__version__`, because results name it."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == rerunoff.__version__
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == rerunoff.__version__


def test_files_for_the_public_forge_name_what_there_is():
    """Nobody here can run them."""
    text = (ROOT / ".github/workflows/ci.yaml").read_text()
    targets = set(re.findall(r"make (\w+)", text))
    makefile = (ROOT / "Makefile").read_text()
    assert targets == set(re.findall(r"^(lint|test|demo):", makefile, re.M))
    assert set(yaml.safe_load(text)["jobs"]) == {"lint", "test", "demo", "conda"}
    catalog = (ROOT / ".snakemake-workflow-catalog.yml").read_text()
    assert yaml.safe_load(catalog)["usage"]["software-stack-deployment"]["conda"]
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path


def test_swallowed_targets_are_seen():
    assert swallowed("--cores 2 --configfile a.yaml kratzert2018") == ["kratzert2018"]
    assert swallowed("-n --config a=b kratzert2018 --use-conda") == ["kratzert2018"]
    assert swallowed("--sdm conda kratzert2018") == ["kratzert2018"]
    assert swallowed("--cores 2 kratzert2018 --configfile a.yaml --config a=b") == []
    assert any(commands(path) for path in DOCUMENTS)


@pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)
def test_targets_stand_before_options_that_would_take_them(path):
    for command in commands(path):
        assert swallowed(command) == [], command


@pytest.mark.parametrize(("document", "rows"), [("security", 25), ("reliability", 20)])
def test_each_line_of_a_table_names_a_test(document, rows):
    files = {path.name: path.read_text() for path in ROOT.glob("tests/*/test_*.py")}
    tests = re.findall(r"def test_(\w+)", "\n".join(files.values()))
    text = (ROOT / "docs" / f"{document}.md").read_text()
    cells = []
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        heads, _, *lines = table.splitlines()
        if re.search(r"\| test\b[^|]*\|$", heads):
            cells += [line.split("|")[-2] for line in lines]
    assert len(cells) > rows
    for cell in cells:
        assert "`" in cell
        for name in re.findall(r"`(.+?)`", cell):
            known = name.split("/")[-1] in files or any(name in test for test in tests)
            assert known or name == "make lint", name
