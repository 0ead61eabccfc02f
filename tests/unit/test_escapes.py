"""Texts of data, configuration and record can say anything; pages only show them."""

import re
from pathlib import Path

import bs4
import docutils.core
import pandas as pd
import pytest
from rerunoff.provenance import add_call
from rerunoff.report_pages import picture, rounded, write_page
from rerunoff.scorecard.home import calls_table, verdicts_table
from unit.scorecards import ABOUT
from unit.test_scorecard_page import TWO_SEEDS, page_of

ROOT = Path(__file__).resolve().parents[2]
EVIL = (
    "\"'></title></style><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
)
RST = ".. raw:: html\n\n   <script>alert(1)</script>"
INCLUDE = ".. include:: {}"


def harmless(page, scripts=0):
    """Whether a parsed page runs and loads nothing but its own scripts."""
    assert len(page.find_all("script")) == scripts
    assert not page.find_all(["iframe", "object", "embed", "base", "meta"])[2:]
    for tag in page.find_all(True):
        assert tag.get("src", "data:").startswith("data:")
        assert not tag.get("href", "").lower().startswith(("javascript", "vbscript"))
        assert not [name for name in tag.attrs if name.startswith("on")]
    return True


@pytest.mark.parametrize(
    "column", ["id", "location", "source", "certainty", "description"]
)
def test_published_table(column):
    page = page_of({column: EVIL}, ours=TWO_SEEDS)
    assert harmless(page, scripts=1)
    assert "{{7*7}}" in str(page)


def test_titles_and_files_of_a_paper():
    files = {"metrics": {"ealstm_nse": f"results/{EVIL}.csv"}, "records": {}}
    files["results"] = [f"results/tables/p/{EVIL.replace('/', '')}.csv"]
    titles = {"title": EVIL, "doi": EVIL, "experiments": {"ealstm_nse": EVIL}}
    name = Path(files["results"][0]).stem
    page = page_of({"results": name}, ours=TWO_SEEDS, **titles, **files)
    assert harmless(page, scripts=1)
    assert EVIL in page.find("h2").text
    assert ABOUT["title"] not in page.text


def test_name_of_the_data():
    page = page_of({}, dataset=EVIL)
    assert harmless(page, scripts=1)
    assert EVIL in page.find(role="note").text


def test_template_has_no_unquoted_attribute_and_no_text_in_its_script():
    path = "workflow_scripts/rerunoff/scorecard/page.html.j2"
    text = ROOT.joinpath(path).read_text()
    assert not re.findall(r"=\{\{", text)
    assert "|safe" not in text.replace(" ", "")
    for part in re.findall(r"<(?:script|style)>.*?</(?:script|style)>", text, re.S):
        assert "{{" not in part
        assert "{%" not in part


def test_captions_tables_and_pictures_of_the_report(tmp_path):
    table = pd.DataFrame({EVIL: ["a", EVIL], "x": [1, 2]})
    png = tmp_path / f"{EVIL.replace('/', '')}.png"
    png.write_bytes(b"")
    path = tmp_path / "page.html"
    for body in (rounded(table), picture(png)):
        write_page(path, body, f"{EVIL} ``{EVIL}``")
        page = bs4.BeautifulSoup(path.read_text(), "html.parser")
        assert harmless(page)
        assert EVIL in page.find("figcaption").text


def shown(text):
    """Return what the report makes of reStructuredText."""
    html = docutils.core.publish_string(text, writer="html").decode()
    return bs4.BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize(
    "evil", [EVIL, RST, INCLUDE, "`x <javascript:alert(1)>`_", "|x|"]
)
def test_first_page_of_the_report(tmp_path, monkeypatch, evil):
    secret = tmp_path / "secret"
    secret.write_text("years of work")
    evil = evil.format(secret) if evil == INCLUDE else evil
    calls, scorecard = tmp_path / "calls.json", tmp_path / "p.csv"
    pd.DataFrame({"verdict": [evil, "reproduced"]}).to_csv(scorecard)
    monkeypatch.setattr("rerunoff.provenance.commit", lambda: evil)
    monkeypatch.setattr("rerunoff.provenance.versions", lambda *names: {"torch": evil})
    add_call(calls, {}, ["train"], [])
    text = f"{verdicts_table({'p': scorecard})}\n\n{calls_table(calls)}"
    page = shown(text)
    assert harmless(page)
    assert "years of work" not in page.text
    assert " ".join(evil.split()) in " ".join(page.text.split())
    assert not page.find_all(class_="system-message")
