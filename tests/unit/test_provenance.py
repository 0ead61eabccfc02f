"""What figures say of their making, and where it is known from."""

import json
import re
import subprocess
import types

import matplotlib.pyplot as plt
import pytest
from docutils.core import publish_parts
from PIL import Image
from rerunoff import jobs, provenance
from rerunoff.figures import style
from rerunoff.scorecard import home
from rerunoff.seals import append_seal, seal_of, write_sealed


def drawn(folder, facts=None):
    figure, axis = style.new_figure(3, 2)
    axis.plot([0, 1])
    folder.mkdir()
    pdf, png = folder / "x.pdf", folder / "x.png"
    style.save(figure, pdf, png, facts)
    assert not plt.fignum_exists(figure.number)
    return pdf, png


def told(pdf, png):
    """Return what both files say."""
    with Image.open(png) as image:
        words = dict(image.text)
    content = pdf.read_bytes()
    return words, content.decode("latin-1")


def test_figures_say_commit_date_versions_and_digests(tmp_path, monkeypatch):
    monkeypatch.setattr(style, "commit", lambda: "abc123 + changes")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    facts = {"configuration": "c0ffee", "data": "da7a"}
    words, pdf = told(*drawn(tmp_path / "a", facts))
    assert words["commit"] == "abc123 + changes"
    assert words["Creation Time"] == "1970-01-02T00:00:00+00:00"
    assert "matplotlib " in words["versions"]
    assert (words["configuration"], words["data"]) == ("c0ffee", "da7a")
    for name in ("commit", "versions", "configuration", "data"):
        assert f"{name}: {words[name]}" in pdf
    assert "D:19700102" in pdf


def test_without_git_or_digests_figures_are_saved_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(style, "commit", lambda: None)
    words, pdf = told(*drawn(tmp_path / "a", {"data": None}))
    assert words["commit"] == "not known: no git"
    assert "data" not in words
    assert "data" not in pdf.split("Keywords")[1].split(">>")[0]


def test_same_figure_of_one_time_is_the_same_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    one, two = drawn(tmp_path / "a"), drawn(tmp_path / "b")
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes()


@pytest.fixture
def project(tmp_path):
    """A project in a repository of its own, with one commit."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.smk").write_text("rule\n")
    for words in (
        ["init", "-q"], ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "first"],
    ):  # fmt: skip
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    return tmp_path


def test_commit_tells_whether_the_code_is_changed(project):
    head = provenance.commit(project)
    assert len(head) == 40
    (project / "results.csv").write_text("no code\n")
    assert provenance.commit(project) == head
    (project / "rules" / "new.smk").write_text("rule\n")
    assert provenance.commit(project) == f"{head} + changes"


def test_a_copy_without_git_has_no_commit_even_within_a_repository(project):
    copy = project / "copy"
    copy.mkdir()
    assert provenance.commit(copy) is None


def test_without_the_program_git_there_is_no_commit(project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance.commit(project) is None


def test_digest_of_the_configuration_is_the_same_at_another_place():
    config = {"data_root": "/a", "threads": 1, "paper": {"b": 1, "a": [1, 2]}}
    moved = {"paper": {"a": [1, 2], "b": 1}, "data_root": "/b", "threads": 8}
    digest = provenance.config_digest(config)
    assert provenance.config_digest(moved) == digest
    changed = {**config, "paper": {"b": 2, "a": [1, 2]}}
    assert provenance.config_digest(changed) != digest


def test_digest_of_data_follows_the_checksums_of_what_is_read(tmp_path):
    table, series, plain = (tmp_path / name for name in ("a.csv", "b.h5", "c.txt"))
    write_sealed(table, "basin\n1\n")
    series.write_bytes(b"values" * 100)
    append_seal(series)
    plain.write_text("no checksum\n")
    assert [len(seal_of(path)) for path in (table, series)] == [64, 64]
    assert seal_of(plain) is None
    assert provenance.data_digest([plain]) is None
    before = provenance.data_digest([table, series, plain])
    write_sealed(table, "basin\n2\n")
    assert provenance.data_digest([table, series, plain]) != before


def test_jobs_hand_over_the_digests_of_their_configuration_and_inputs(tmp_path):
    table = tmp_path / "a.csv"
    write_sealed(table, "basin\n1\n")
    job = types.SimpleNamespace(config={"dataset": "virtual"}, input=[str(table)])
    assert jobs.facts_of(job) == {
        "configuration": provenance.config_digest(job.config),
        "data": provenance.data_digest([table]),
    }


def test_what_makes_a_result_is_said_in_words(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    config = {"dataset": "virtual"}
    date, commit, configuration, software = provenance.in_words(config, "numpy")
    assert date == "made 1970-01-02 00:00 UTC"
    assert commit == f"commit {provenance.commit() or 'not known, no git'}"
    assert configuration == f"configuration {provenance.config_digest(config)[:12]}"
    assert software.startswith(f"rerunoff {provenance.versions()['rerunoff']}, python")
    assert ", numpy " in software


def test_calls_are_listed_and_those_alike_are_one(tmp_path, monkeypatch):
    """A resumed run or a figure alone adds to the record; nothing of it is lost."""
    path = tmp_path / "provenance.json"
    monkeypatch.setattr(provenance, "commit", lambda: "abc")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.read_calls(path) == []
    provenance.add_call(path, {"a": 1}, ["train", "train", "evaluate"], [])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    provenance.add_call(path, {"a": 1}, ["train"], [])
    (call,) = provenance.read_calls(path)
    assert call["first"] < call["last"] == "1970-01-02T00:00:00+00:00"
    assert call["jobs"] == {"evaluate": 1, "train": 3}
    assert call["configuration"] == provenance.config_digest({"a": 1})
    assert call["commit"] == "abc"
    assert call["versions"]["torch"]
    monkeypatch.setattr(provenance, "commit", lambda: "abc + changes")
    provenance.add_call(path, {"a": 1}, ["plot_boxplots"], [])
    first, second = provenance.read_calls(path)
    assert first == call
    assert second["jobs"] == {"plot_boxplots": 1}
    # Jobs in conda environments have other libraries than this process.
    provenance.add_call(path, {"a": 1}, ["train"], [], conda=True)
    last = provenance.read_calls(path)[-1]["versions"]
    assert set(last) == {"rerunoff", "python", "snakemake", "others"}


CALL = {"first": "a", "last": "b", "commit": None, "versions": {}}
CALL |= {"configuration": "c", "data": None, "jobs": {"train": 1}}
DAMAGED = ["[{", '{"a": 1}', "[1]", "[{}]", "[" * 100_000]
DAMAGED += [json.dumps([CALL | {key: 5}]) for key in CALL]
DAMAGED += [json.dumps([CALL | {"jobs": {"train": "1"}}])]


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_list_of_calls_is_put_aside_and_said(tmp_path, caplog, text):
    path = tmp_path / "provenance.json"
    path.write_text(text)
    provenance.add_call(path, {}, ["train"], [])
    assert len(provenance.read_calls(path)) == 1
    assert home.calls_table(path)
    assert (tmp_path / "provenance.json.damaged").read_text() == text
    assert "is damaged" in caplog.text


def test_list_with_what_it_needs_stays(tmp_path):
    path = tmp_path / "provenance.json"
    path.write_text(json.dumps([CALL]))
    assert provenance.read_calls(path) == [CALL]


def test_folder_in_place_of_the_list_is_said(tmp_path, complaint):
    path = tmp_path / "provenance.json"
    path.mkdir()
    assert complaint(provenance.add_call, path, {}, ["train"], []).startswith(
        f"Cannot write {path}: Is a directory; "
    )


def test_first_page_of_the_report_counts_verdicts_and_names_commits(tmp_path):
    scorecard, path = tmp_path / "a.csv", tmp_path / "provenance.json"
    verdicts = ["not run", "reproduced", "unconfirmed", "not run"]
    scorecard.write_text("id,verdict\n" + "".join(f"x,{v}\n" for v in verdicts))
    text = home.verdicts_table({"a": scorecard, "b": tmp_path / "none.csv"})
    page = publish_parts(text, writer="html")["body"]
    cells = re.findall("<t[dh].*?>(.*?)</t[dh]>", page)
    assert cells == [
        "paper", "reproduced", "not run", "unconfirmed", "a", "1", "2", "1",
    ]  # fmt: skip
    assert home.verdicts_table({"b": tmp_path / "none.csv"}) == ""
    assert home.calls_table(path) == ""
    for number in range(6):
        provenance.add_call(path, {"a": number}, ["train"], [])
    page = publish_parts(home.calls_table(path), writer="html")["body"]
    assert "system-message" not in page
    assert page.count(provenance.config_digest({"a": 5})[:10]) == 1
    assert "2 older ones" in page
    assert "torch" in page
