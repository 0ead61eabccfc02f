"""The scorecard page in a browser: search, filters, sorting, and on a phone."""

import pytest
from rerunoff.scorecard.page import render
from unit import browser as browsers
from unit.scorecards import ABOUT, SETS, compare, make_metrics, make_published

pytestmark = pytest.mark.skipif(
    bool(browsers.MISSING),
    reason=f"{' and '.join(browsers.MISSING)} not installed (Debian: apt-get install "
    "chromium chromium-driver)",
)
# Those rows that are shown, as the reader sees them.
SEEN = """return [...document.querySelectorAll("tbody tr")]
.filter(row => row.checkVisibility()).map(row => row.id)"""
COUNT = 'return document.querySelector("#tools output").value'


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of two papers; four rows of the first are judged."""
    first = make_published(
        {"value": "0.9"},
        {"value": "0.1", "metric": "KGE"},
        {"value": "0.50"},
        {"value": "-0.7", "members": "ensemble"},
        {"location": "Text", "experiment": "lstm_nse", "description": "x" * 300},
        {
            "location": "Text",
            "quantity": "validation_curve",
            "metric": "a_long_name" * 9,
        },
        {"value": "", "spread": "", "certainty": "unconfirmed"},
    )
    metrics = make_metrics({"seed111": 0.5, "ensemble": 0.5})
    ours = {"ealstm_nse": metrics.assign(KGE=0.5)}
    tables = {
        "p": compare(first, ours, {}, {}, "camels_us", SETS),
        "q": compare(make_published({}), {}, {}, {}, "camels_us", SETS),
    }
    context = {"dataset": "camels_us", "folder": "", "made": []}
    path = tmp_path_factory.mktemp("page") / "scorecard.html"
    papers = dict.fromkeys(tables, ABOUT)
    path.write_text(render(tables, papers, context), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with browsers.started(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(running, page):
    """A browser that shows the page; at the end nothing was wrong with it."""
    running.open(page)
    yield running
    assert running.complaints() == []


def choose(browser, name, value):
    browser.run(f"""const field = document.querySelector("[name={name}]");
    field.value = "{value}"; field.dispatchEvent(new Event("input", {{bubbles: true}}));
    if (field.value !== "{value}") throw new Error("no such choice")""")


def test_at_first_all_is_there_and_folded_by_what_it_says(browser):
    assert browser.run(COUNT) == "8 of 8 numbers"
    assert browser.run(SEEN) == [f"p-row{n}" for n in range(4)]


def test_search_finds_words_in_folded_sections(browser):
    browser.type("[name=words]", "text LSTM_nse")
    assert browser.run(SEEN) == ["p-row4"]
    assert browser.run(COUNT) == "1 of 8 numbers"
    browser.click("#restart")
    assert browser.run(COUNT) == "8 of 8 numbers"
    assert browser.run(SEEN) == [f"p-row{n}" for n in range(4)]


def test_filters_take_verdict_and_place(browser):
    choose(browser, "verdict", "reproduced")
    assert browser.run(SEEN) == ["p-row2"]
    choose(browser, "verdict", "not run")
    assert browser.run(SEEN) == ["p-row4", "q-row0"]
    choose(browser, "place", "q")
    assert browser.run(SEEN) == ["q-row0"]
    choose(browser, "verdict", "")
    choose(browser, "place", "p-2")
    assert browser.run(SEEN) == ["p-row4", "p-row5"]


def test_sorting_is_by_size_and_turns_round(browser):
    choose(browser, "sort", "-off")
    # 1.2, 0.4, 0.4 and 0 from the published number, of equal tolerance.
    assert browser.run(SEEN) == ["p-row3", "p-row0", "p-row1", "p-row2"]
    heading = "th[data-key=published]"
    browser.click(f"{heading} button")
    ascending = ["p-row3", "p-row1", "p-row2", "p-row0"]
    assert browser.run(SEEN) == ascending
    state = f'return document.querySelector("{heading}").ariaSort'
    assert browser.run(state) == "ascending"
    browser.click(f"{heading} button")
    assert browser.run(SEEN) == ascending[::-1]
    assert browser.run(state) == "descending"
    browser.click("#restart")
    assert browser.run(SEEN) == [f"p-row{n}" for n in range(4)]


def test_a_dot_leads_to_its_number_though_it_is_filtered_out(browser):
    choose(browser, "verdict", "not run")
    browser.run('location.hash = "#p-row1"')
    assert "p-row1" in browser.run(SEEN)
    assert "q-row0" not in browser.run(SEEN)  # folded again
    browser.run('location.hash = "#p-note1"')
    assert browser.run('return document.getElementById("p-note1").checkVisibility()')


def test_a_phone_shows_all_of_it(running, page):
    running.open(page, width=380)
    running.run('document.querySelectorAll("details").forEach(box => box.open = true)')
    sizes = "return [document.documentElement.scrollWidth, innerWidth]"
    assert running.run(sizes) == [380, 380]
    beyond = """return [...document.querySelectorAll("body *")].filter(
    tag => tag.getBoundingClientRect().right > 380.5).map(tag => tag.outerHTML)"""
    assert running.run(beyond) == []
    small = """return [...document.querySelectorAll("td,th,small,a")].filter(
    tag => parseFloat(getComputedStyle(tag).fontSize) < 11).map(tag => tag.outerHTML)"""
    assert running.run(small) == []
    assert running.complaints() == []
