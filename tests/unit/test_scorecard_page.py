"""The scorecard page as a reader finds it, parsed."""

import re
from pathlib import Path

import bs4
import pytest
from rerunoff.fingerprint import fingerprint
from rerunoff.scorecard import page as page_module
from rerunoff.scorecard.digits import aligned, fixed, places_of, places_to_show
from rerunoff.scorecard.links import behind, shown_in
from rerunoff.scorecard.page import render
from rerunoff.scorecard.picture import SIDE, panels_of
from rerunoff.scorecard.words import name_of
from unit.scorecards import (
    ABOUT,
    DIFFERENCE,
    ROW,
    SETS,
    compare,
    make_metrics,
    make_published,
)

NONE = {"value": "", "spread": "", "certainty": "unconfirmed"}
COMPUTED = {"certainty": "recomputed from the authors' files"}
TWO_SEEDS = {"ealstm_nse": make_metrics({"seed111": 0.50, "seed222": 0.58})}
ONE_SEED = {"ealstm_nse": make_metrics({"seed111": 0.5})}


def page_of(*changes, ours=ONE_SEED, authors=(), dataset="camels_us", **about):
    """Return the parsed page of one paper."""
    published = make_published(*changes)
    table = compare(published, ours, dict(authors), {}, dataset, SETS)
    context = {
        "dataset": dataset,
        "folder": "results",
        "made": ["made today", "commit <1>"],
    }
    text = render({"p": table}, {"p": ABOUT | about}, context)
    return bs4.BeautifulSoup(text, "html.parser")


def row_of(page, number=0):
    """Return the cells of a row by their label, the name under `name`."""
    row = page.find(id=f"p-row{number}")
    cells = {cell["data-label"]: cell for cell in row.find_all("td")}
    return cells | {"name": row.find("th")}


def text_of(tag):
    return tag.get_text(" ", strip=True)


def test_texts_are_escaped():
    nasty = {"location": "<b>T</b>", "description": '"><script>alert(1)</script>'}
    page = page_of(nasty, title="A & B <i>", dataset="<caravan>")
    assert text_of(page.find("h2")) == "A & B <i>"
    assert "<b>T</b>" in page.find("details", class_="group").summary.text
    assert len(page.find_all("script")) == 1
    assert "other data (<caravan>)" in text_of(page.find(role="note"))


def test_what_made_the_page_stands_at_its_foot():
    assert text_of(page_of({}).find_all("p")[-1]) == "made today · commit <1>"


def test_nothing_is_loaded_from_outside():
    page = page_of({}, ours=TWO_SEEDS)
    loading = page.find_all(["link", "script", "img", "iframe", "use", "image"])
    addresses = [tag.get("src") or tag.get("href") for tag in loading]
    assert [address for address in addresses if address] == ["data:,"]
    assert "@import" not in page.style.text
    assert "url(" not in page.style.text
    outside = [a["href"] for a in page.find_all("a") if "//" in a["href"]]
    assert outside == ["https://doi.org/10.1/2"]


def test_every_address_on_the_page_exists():
    page = page_of({}, DIFFERENCE, {"experiment": "x"}, NONE, ours=TWO_SEEDS)
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    inside = {a["href"] for a in page.find_all("a") if a["href"].startswith("#")}
    assert inside <= {f"#{name}" for name in ids}
    assert "#p-row0" in inside


@pytest.mark.parametrize(("dataset", "announced"), [("virtual", 1), ("camels_us", 0)])
def test_virtual_numbers_are_announced(dataset, announced):
    page = page_of({}, dataset=dataset)
    notes = [text_of(note) for note in page.find_all(role="note")]
    assert len(notes) == announced
    assert all("virtual catchments" in note for note in notes)


def test_a_paper_is_summed_up():
    page = page_of({}, {"value": "0.9"}, {"experiment": "lstm_nse"}, {}, NONE)
    summary = text_of(page.find(class_="summary"))
    assert summary == (
        "Of 4 published numbers, 2 are reproduced, 1 deviates and 1 was not run. "
        "1 more could not be confirmed."
    )
    page = page_of({"quantity": "validation_curve"})
    words = "Of 1 published number, 1 belongs to an analysis that does not exist here"
    assert words in text_of(page.find(class_="summary"))


def test_the_page_says_whose_networks_they_are():
    note = page_of({}, authors_weights=True).find(role="note")
    assert "are the authors’ own networks, published with the paper" in text_of(note)
    assert page_of({}).find(role="note") is None


def test_a_replay_checks_arithmetic():
    authors = {"ealstm_nse": make_metrics({"seed111": 0.5})}
    page = page_of({}, COMPUTED, ours={}, authors=authors, replayed=True)
    assert "check our arithmetic, not the paper" in text_of(page.find(role="note"))
    summary = text_of(page.find(class_="summary"))
    for words in (
        "1 of the 2 are printed nowhere",
        "This is a replay of the authors’ statistics. None of 2 published numbers was",
        "2 numbers were computed again, which checks our arithmetic and not the paper",
        "1 of these come from the very files that they are compared with (1 agree",
        "1 were printed by the authors (1 agree",
    ):
        assert words in summary
    printed, computed = (page.find(id=f"p-row{n}").td for n in (0, 1))
    assert not printed.find(class_="computed")
    heading = text_of(page.find("thead").find_all("th")[1])
    assert heading == "Published, or (italics) from authors’ files"
    assert "printed nowhere" in computed.find(class_="computed")["title"]
    assert text_of(row_of(page)["From authors’ files"]).startswith("0.5000")
    assert row_of(page)["Verdict"].find(class_="badge").text == "not run"
    # Without ours there is nothing to reproduce: no dot has the colour of it.
    assert len(page.find_all("rect", class_="recomputed")) == 2
    assert not page.select("svg .reproduced")


def test_a_page_without_the_authors_files_has_no_column_for_them():
    assert "From authors’ files" not in row_of(page_of({}))


def test_one_seed_has_no_spread():
    assert text_of(row_of(page_of({}))["Ours"]) == "0.50 1 seed"
    row = row_of(page_of({}, ours=TWO_SEEDS))
    assert text_of(row["Ours"]) == "0.54 ± 0.04, median 0.54, 2 seeds"


def test_titles_stand_for_names():
    row = row_of(page_of({}))
    assert text_of(row["name"]) == "EA-LSTM, NSE*, median NSE, mean over seeds"
    titles = {"lstm": "LSTM", "lstm_static": "LSTM with statics"}
    row = ROW | {"quantity": "significance", "members": "ensemble"}
    row |= {"description": "p: lstm_static against lstm, ensembles"}
    words = "p: LSTM with statics against LSTM, ensembles, NSE"
    assert name_of(row, titles) == words


def test_notes_are_there_once():
    page = page_of({}, {}, {"source": "elsewhere"})
    notes = [text_of(note) for note in page.select("details.notes li")]
    assert len(notes) == len(set(notes))
    assert notes.count("paper, printed: somewhere") == 1
    first, second, third = (row_of(page, n)["Published"].sup.a for n in range(3))
    assert first["href"] == second["href"] != third["href"]
    assert first["title"] == "paper, printed: somewhere"


def test_the_unconfirmed_are_folded_and_last():
    page = page_of(NONE | {"location": "A"}, {"location": "B"}, {"location": "A"})
    groups = page.find_all("details", class_="group")
    titles = [group.summary.contents[0].strip() for group in groups]
    assert titles == ["B", "A", "A: not confirmed"]
    assert [group.has_attr("open") for group in groups] == [True, True, False]
    assert text_of(row_of(page)["Published"]).startswith("—")


def test_columns_have_equal_digits_and_a_minus():
    assert aligned(["12", "1.5", "", "−0.25"]) == [
        "12\u2008\u2007\u2007",
        "1.5\u2007",
        "",
        "−0.25",
    ]
    changes = ({"value": "-0.5"}, {"value": "0.123"}, {"value": "12.2758"})
    page = page_of(*changes, ours=TWO_SEEDS)
    ours = [row_of(page, n)["Ours"].span.contents[0].strip() for n in range(3)]
    assert ours == ["0.5400"] * 3
    published = [row_of(page, n)["Published"].span.contents[0] for n in range(3)]
    assert published[0] == "−0.5\u2007\u2007\u2007"
    body = page.find("tbody").get_text()
    assert "−11.7" in body
    assert not re.search(r"-\d", body)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(-0.0004, 3, "0.000"), (-1.5, 1, "−1.5"), (5e-17, 7, "5e−17"), (None, 2, "")],
)
def test_numbers_are_printed(value, places, text):
    assert fixed(value, places) == text


def test_decimals_come_from_print():
    rows = [{"published": text} for text in ("0.5", ">=0.65", "1e-75", "")]
    assert places_of(rows) == 2
    assert places_of([{"published": ""}]) == 3
    assert places_to_show([0.0005, 2, None, 0]) == 4


def test_words_about_almost_nothing_have_the_digits_of_their_tolerance():
    ours = {"region": make_metrics({"ensemble": 0.5})}
    ours["basin"] = make_metrics({"ensemble": 0.553})
    row = row_of(page_of(DIFFERENCE, ours=ours))
    assert text_of(row["Ours"]) == "−0.05"
    assert text_of(row["Tolerance"]).startswith("0.01")


def test_the_picture_shows_each_number_once():
    page = page_of({}, {"value": "0.9"}, {"experiment": "lstm_nse"})
    links = page.select("svg a")
    assert [link["href"] for link in links] == ["#p-row0", "#p-row1"]
    assert links[1].title.text.endswith("deviates\nrow1")
    assert "published 0.9 ± 0.05 (tolerance), ours 0.5" in links[1].title.text
    assert links[0].find("circle", class_="reproduced")
    assert links[1].find("path", class_="dot deviates")


def dots(*pairs, tolerance=0.01):
    rows = [
        ROW
        | {"id": str(n), "name": "", "verdict": "reproduced", "recomputed": None}
        | {"published": str(published), "ours": ours, "tolerance": tolerance}
        for n, (published, ours) in enumerate(pairs)
    ]
    (panel,) = panels_of(rows)
    return panel.dots


def test_a_bar_meets_the_line_where_the_tolerance_does():
    inside, outside = dots((0.5, 0.508), (0.7, 0.75))
    assert SIDE - inside.y - inside.x < inside.allowed
    assert SIDE - outside.y - outside.x > outside.allowed
    (equal,) = dots((0.5, 0.5))
    assert equal.x == pytest.approx(SIDE - equal.y)


def test_a_number_far_off_stays_on_the_edge():
    near, far = dots((0.5, 0.52), (0.6, -50.0))
    assert (near.beyond, far.beyond, far.y) == (False, True, SIDE)
    # The others still lie apart.
    assert far.x - near.x > SIDE / 6


def test_numbers_of_other_scales_have_panels_of_their_own():
    failures = {"statistic": "failures_le0", "value": "2", "spread": ""}
    page = page_of({}, failures, {"members": "seeds_std"}, ours=TWO_SEEDS)
    titles = [text_of(title) for title in page.find_all("figcaption")]
    assert titles == ["NSE: median, mean", "number of basins", "NSE: spread over seeds"]


FILES = {
    "experiments": {"ealstm_nse": "EA-LSTM"},
    "results": [
        "results/tables/p/scores.csv",
        "results/figures/p/nse_cdf.pdf",
        "results/figures/p/nse_cdf.png",
        "results/figures/p/other.png",
    ],
    "metrics": {"ealstm_nse": "results/metrics/p/ealstm_nse.csv"},
    "records": {"ealstm_nse": "results/runs/p/ealstm_nse/all/seed111/run.yaml"},
}


def test_links_lead_to_the_files_behind_a_number():
    row = ROW | {"results": "scores nse_cdf", "ours": 0.5}
    assert shown_in([row], FILES, "results") == [
        ("scores (table)", "tables/p/scores.csv"),
        ("nse cdf (figure)", "figures/p/nse_cdf.png"),
    ]
    assert behind(row, FILES, "results/scorecard") == [
        ("by basin", "../metrics/p/ealstm_nse.csv"),
        ("run", "../runs/p/ealstm_nse/all/seed111/run.yaml"),
    ]
    both = {"quantity": "wins", "experiment": "ealstm_nse - nwm"}
    texts = [text for text, _ in behind(row | both, FILES, "results")]
    assert texts == ["by basin: EA-LSTM", "run: EA-LSTM"]
    assert behind(row | {"ours": float("nan")}, FILES, "results") == []
    page = page_of({"results": "nse_cdf"}, **FILES)
    assert page.find("a", href="metrics/p/ealstm_nse.csv")
    assert page.find("a", href="figures/p/nse_cdf.png")


def test_the_template_is_part_of_the_fingerprint(tmp_path):
    package = tmp_path / "rerunoff"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "page.py").write_text("A = 1\n")
    (tmp_path / "job.py").write_text("from rerunoff import page\n")
    template = package / "page.html.j2"
    seen = {fingerprint("job.py", tmp_path)}
    for text in ("<p>", "<b>"):
        template.write_text(text)
        seen.add(fingerprint("job.py", tmp_path))
    assert len(seen) == 3
    assert Path(page_module.__file__).with_name(page_module.TEMPLATE).is_file()
    assert page_module.TEMPLATE == "page.html.j2"
