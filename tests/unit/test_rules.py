"""What the rules say of the scripts that they run."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

RULES = Path(__file__).resolve().parents[2] / "rules"
PACKAGE = RULES.parent / "workflow_scripts" / "rerunoff"
_RULE = re.compile(
    r"^ *(?:use )?rule (\w+)(?: as \w+ with)?:\n"
    r"(?:(?! *(?:use )?rule \w)(?!def ).*\n)*",
    flags=re.MULTILINE,
)
BLOCKS = [
    (path.name, match[1], match[0])
    for path in sorted(RULES.rglob("*.smk"))
    for match in _RULE.finditer(path.read_text())
]
# Checksums decide on downloads, whatever the code; see rules/download.smk.
WITHOUT = {"download_files.py", "fetch_archived_files.py"}
WITHOUT |= {"find_authors_runs.py", "fetch_authors_run.py"}


def test_no_rule_speaks_to_a_shell():
    snakefile = RULES.parent / "Snakefile"
    for path in (snakefile, *RULES.rglob("*.smk")):
        text = path.read_text()
        assert not re.search(r"^\s*(shell|run)\s*:", text, re.MULTILINE), path
        assert not re.search(r"\bshell\(|os\.(system|popen)|subprocess", text), path


def test_all_rules_are_found():
    names = [name for _, name, _ in BLOCKS]
    assert len(names) > 40
    assert {"train", "simulate", "evaluate", "execute_notebook"} <= set(names)


@pytest.mark.parametrize(("file", "rule", "block"), BLOCKS)
def test_fingerprint_is_that_of_the_rules_own_script(file, rule, block):
    script = re.search(r'"[./]+/workflow_scripts/(\w+\.py)"', block)
    if script is None:
        # Rules that use them name the code.
        base = rule in ("draw_figure", "tabulate", "take_statistics")
        assert base or "use rule" in block or "script:" not in block
        return
    if script[1] in WITHOUT:
        return
    code = re.search(r" code=(?:.*\n)*? +message:", block)[0]
    names = re.findall(r'"(\w+)(?:\.py)?"', code)
    assert script[1].removesuffix(".py") in names


@pytest.mark.parametrize(
    ("rule", "block"),
    [row[1:] for row in BLOCKS if re.match(r"use rule (draw|tab)", row[2])],
)
def test_rule_of_a_figure_names_the_module_of_its_file(rule, block):
    paper, name = re.search(r'(?:figure|table)\(\s*"(.*?)",\s*"(.*?)"', block).groups()
    called = re.search(r'(drawn|tabulated)\(\s*"(.*?)"', block)
    folder = {"drawn": "figures", "tabulated": "tabulations"}[called[1]]
    stem = name.removesuffix("_{statistic}")
    assert called[2] == f"{paper.replace('{paper}', 'shared')}.{stem}"
    module = Path(PACKAGE, folder, *called[2].split(".")).with_suffix(".py")
    assert module.is_file()
    assert ("draw_figure" in block) == (folder == "figures")


def test_report_lists_figures_in_the_order_of_the_rules_those_of_all_papers_last():
    def report(path, **told):
        return told

    given = {
        "PAPERS": ["a", "b"],
        "DECLARED": ["a", "b"],
        "report": report,
        "Path": Path,
    }
    given["expand"] = lambda paths, **wildcards: paths
    exec((RULES / "results.smk").read_text(), given)  # noqa: S102 (our own rules)
    figure = given["figure"]
    pages = [
        figure("a", "z", "Zebra")["page"],
        figure("a", "y_{statistic}", "Yak", statistic="{statistic}")["page"],
        figure("b", "x", "Ox", when=False)["page"],
        figure("{paper}", "w", "Worm", when=False)["page"],
    ]
    assert [page["labels"] for page in pages] == [
        {"figure": "01 Zebra"},
        {"figure": "02 Yak", "statistic": "{statistic}"},
        {"figure": "01 Ox"},
        {"figure": "03 Worm"},
    ]
    assert [page["category"] for page in pages] == ["a", "a", "b", "{paper}"]
    assert len(given["results_of"]("a")) == 5
    assert given["results_of"]("b") == ["results/scorecard/b.csv"]


def test_missing_caption_is_named_in_one_sentence(tmp_path):
    given = {"DECLARED": [], "Path": Path, "config": {"dataset": "virtual"}}
    given["workflow"] = SimpleNamespace(basedir=tmp_path)

    def give_up(sentence):
        raise SystemExit(sentence)

    given["give_up"] = give_up
    exec((RULES / "results.smk").read_text(), given)  # noqa: S102 (our own rules)
    path = tmp_path / "report" / "a" / "b.rst"
    with pytest.raises(SystemExit, match=f"^{re.escape(str(path))}: there is no such"):
        given["drawn"]("a.b")


def test_memory_and_time_grow_with_the_attempt():
    asked = [
        match.groups()
        for _, _, block in BLOCKS
        for match in re.finditer(r"(mem_mb|runtime)=(.+),\n", block)
    ]
    assert len(asked) > 30
    text = "".join(path.read_text() for path in sorted(RULES.rglob("*.smk")))
    bodies = re.split(r"^def ", text, flags=re.MULTILINE)[1:]
    growing = {body.split("(")[0] for body in bodies if "* attempt" in body}
    for name, value in asked:
        named = re.match(r"\w+", value)[0] in growing
        told = re.match(r"lambda [^:]*\battempt: .*\* attempt", value)
        assert named or told, (name, value)
