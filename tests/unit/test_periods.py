"""Periods of late basins and the held-out year, against calendars read day by day."""

import datetime

import numpy as np
import pytest
from rerunoff.data.periods import (
    anniversary,
    evaluation_days,
    last_year,
    training_days,
    years_late,
)
from rerunoff.data.store import Catchments

FIRST = "1990-10-01"
NAN = np.nan


def calendar(first, last):
    return np.arange(np.datetime64(first), np.datetime64(last) + 1)


def seen_from(dates, first, last=None):
    """Return discharge that varies, and is there from one day to another only."""
    days = (dates >= np.datetime64(first)) & (dates <= np.datetime64(last or dates[-1]))
    return np.where(days, 1.0 + np.arange(len(dates)) % 7, NAN)


def catchments(dates, discharge):
    discharge = np.asarray(discharge, dtype=np.float32)
    return Catchments(
        basins=[str(row) for row in range(len(discharge))],
        dates=dates,
        inputs=np.zeros((*discharge.shape, 0), dtype=np.float32),
        discharge=discharge,
        attributes=np.zeros((len(discharge), 0)),
        content="",
    )


def span(dates, days):
    """Return first and last marked day; there must be no gap between them."""
    index = np.flatnonzero(days)
    assert np.array_equal(index, np.arange(index[0], index[-1] + 1))
    return str(dates[index[0]]), str(dates[index[-1]])


@pytest.mark.parametrize(
    ("first_seen", "late"),
    [
        ("1989-01-01", 0),  # before the period
        ("1990-10-01", 0),
        ("1991-09-30", 0),  # the last day of the first year
        ("1991-10-01", 1),  # an exact anniversary opens the next year
        ("1991-10-02", 1),
        ("1992-09-30", 1),  # a leap year later
        ("1992-10-01", 2),
        ("1996-02-29", 5),
        ("1998-12-31", 8),
    ],
)
def test_years_late_are_whole_hydrological_years(first_seen, late):
    dates = calendar("1989-01-01", "1999-09-30")
    assert years_late(seen_from(dates, first_seen)[None], dates, FIRST).tolist() == [
        late
    ]


def test_discharge_before_the_period_does_not_count():
    dates = calendar("1989-01-01", "1999-09-30")
    flow = seen_from(dates, "1993-01-01")
    flow[:100] = 1  # 1989
    nothing = np.full(len(dates), NAN)
    early = np.where(dates < np.datetime64(FIRST), 1, NAN)
    late = years_late(np.stack([flow, nothing, early]), dates, FIRST)
    assert late.tolist() == [2, 0, 0]


def test_discharge_on_the_first_day_alone_opens_the_first_year():
    dates = calendar("1989-01-01", "1999-09-30")
    flow = seen_from(dates, "1993-01-01")
    flow[dates == np.datetime64(FIRST)] = 1
    assert years_late(flow[None], dates, FIRST).tolist() == [0]


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        ("1980-10-01", 2, "1982-10-01"),
        ("1995-09-30", -1, "1994-09-30"),
        ("1980-10-01", 0, "1980-10-01"),
        ("1984-02-29", 4, "1988-02-29"),
        ("1984-02-29", 1, "1985-03-01"),
        ("1969-12-31", -2, "1967-12-31"),  # before the epoch
    ],
)
def test_anniversary(day, years, expected):
    assert str(anniversary(day, years)) == expected


def test_anniversaries_of_several_basins():
    found = anniversary("1980-10-01", np.array([0, 3, 15]))
    assert found.astype(str).tolist() == ["1980-10-01", "1983-10-01", "1995-10-01"]


TRAIN, TEST = ("1990-10-01", "1993-09-30"), ("1993-10-01", "1997-09-30")


@pytest.fixture
def three():
    """A basin from the start, one two years late, one without any discharge."""
    dates = calendar("1989-10-01", "1998-12-31")
    late = seen_from(dates, "1993-03-01")
    return catchments(dates, [seen_from(dates, FIRST), late, np.full(len(dates), NAN)])


def test_own_training_period_moves_by_whole_years(three):
    days = training_days(three, TRAIN, own_start=True)
    assert span(three.dates, days[0]) == TRAIN
    assert span(three.dates, days[1]) == ("1992-10-01", "1995-09-30")
    assert span(three.dates, days[2]) == TRAIN
    # Three years each, leap day or not.
    assert days.sum(axis=1).tolist() == [1096, 1095, 1096]


def test_common_training_period_stays(three):
    days = training_days(three, TRAIN, own_start=False)
    assert {span(three.dates, row) for row in days} == {TRAIN}


def test_training_period_that_moves_out_of_the_data_is_cut():
    dates = calendar("1989-10-01", "1994-12-31")
    data = catchments(dates, [seen_from(dates, "1992-12-01")])
    days = training_days(data, TRAIN, own_start=True)
    assert span(dates, days[0]) == ("1992-10-01", "1994-12-31")


def test_own_test_starts_as_much_later_and_ends_with_the_others(three):
    days = evaluation_days(three, TRAIN, TEST, own_start=True)
    assert span(three.dates, days[0]) == TEST
    assert span(three.dates, days[1]) == ("1995-10-01", "1997-09-30")
    assert span(three.dates, days[2]) == TEST
    learned = training_days(three, TRAIN, own_start=True)
    assert not (days & learned).any()


def test_common_test_period_stays(three):
    days = evaluation_days(three, TRAIN, TEST, own_start=False)
    assert {span(three.dates, row) for row in days} == {TEST}


def test_basin_too_late_for_the_test_has_no_day_of_it():
    dates = calendar("1989-10-01", "1998-12-31")
    data = catchments(dates, [seen_from(dates, "1996-01-01")])
    assert not evaluation_days(data, TRAIN, ("1993-10-01", "1995-09-30"), True).any()


@pytest.mark.parametrize(
    ("train", "test"),
    [(("1989-09-30", "1993-09-30"), TEST), (TRAIN, ("1993-10-01", "1999-01-01"))],
)
def test_period_outside_of_the_data_is_named(three, complaint, train, test):
    words = "is not within the data, which go from 1989-10-01 to 1998-12-31; correct"
    if train == TRAIN:
        message = complaint(evaluation_days, three, train, test, True)
    else:
        message = complaint(training_days, three, train, True)
    assert words in message


def test_last_year_of_a_complete_record():
    dates = calendar("1990-01-01", "1994-12-31")
    data = catchments(dates, [seen_from(dates, FIRST)])
    days = training_days(data, TRAIN, own_start=False)
    before, held_out = last_year(days, data.discharge, dates)
    assert span(dates, before[0]) == ("1990-10-01", "1992-09-30")
    assert span(dates, held_out[0]) == ("1992-10-01", "1993-09-30")


def test_year_without_discharge_is_neither_learned_nor_held_out():
    dates = calendar("1990-01-01", "1994-12-31")
    ends = ["1993-09-30", "1992-10-02", "1992-09-30", "1991-10-02"]
    flow = [seen_from(dates, FIRST, last) for last in ends]
    data = catchments(dates, flow)
    days = training_days(data, TRAIN, own_start=False)
    before, held_out = last_year(days, data.discharge, dates)
    third, second = ("1992-10-01", "1993-09-30"), ("1991-10-01", "1992-09-30")
    assert [span(dates, row) for row in held_out] == [third, third, second, second]
    last = [span(dates, row)[1] for row in before]
    assert last == ["1992-09-30", "1992-09-30", "1991-09-30", "1991-09-30"]
    assert not (before & held_out).any()


@pytest.mark.parametrize("flow", [0.0, 2.5])
def test_year_of_constant_discharge_is_not_held_out(flow):
    dates = calendar("1990-01-01", "1994-12-31")
    dry, once = (seen_from(dates, FIRST) for _ in range(2))
    dry[dates >= np.datetime64("1992-10-01")] = flow
    # A single observation does not vary either.
    once[dates > np.datetime64("1992-10-01")] = NAN
    always = np.full(len(dates), flow)
    data = catchments(dates, [dry, once, always])
    days = training_days(data, TRAIN, own_start=False)
    before, held_out = last_year(days, data.discharge, dates)
    for row in range(2):
        assert span(dates, held_out[row]) == ("1991-10-01", "1992-09-30")
        assert span(dates, before[row]) == ("1990-10-01", "1991-09-30")
    assert not (before[2] | held_out[2]).any()


def test_late_basin_holds_out_the_last_year_of_its_own_period(three):
    days = training_days(three, TRAIN, own_start=True)
    before, held_out = last_year(days, three.discharge, three.dates)
    assert span(three.dates, held_out[0]) == ("1992-10-01", "1993-09-30")
    assert span(three.dates, held_out[1]) == ("1994-10-01", "1995-09-30")
    assert span(three.dates, before[1]) == ("1992-10-01", "1994-09-30")
    # Nothing is known of the third.
    assert not before[2].any()
    assert not held_out[2].any()


NOTHING = (
    "no basin has discharge both in and before the last year of its training period, "
    "which selecting epochs needs; choose a longer periods.train."
)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1992-10-01", "1993-09-30"),  # the last year only
        ("1990-10-01", "1991-09-30"),  # the first only, before which nothing is
        ("1993-10-01", "1994-09-30"),  # outside of the training period
    ],
)
def test_nothing_to_hold_out_is_an_error(complaint, first, last):
    dates = calendar("1990-01-01", "1994-12-31")
    data = catchments(dates, [seen_from(dates, first, last)])
    days = training_days(data, TRAIN, own_start=False)
    assert complaint(last_year, days, data.discharge, dates) == NOTHING


def test_one_basin_with_two_years_is_enough():
    dates = calendar("1990-01-01", "1994-12-31")
    rows = [seen_from(dates, first) for first in ("1992-10-01", "1992-09-30")]
    data = catchments(dates, rows)
    days = training_days(data, TRAIN, own_start=False)
    before, _ = last_year(days, data.discharge, dates)
    assert (before & np.isfinite(data.discharge)).sum(axis=1).tolist() == [0, 1]


def shifted(day, years):
    """Return a day (not 29 February) some years later."""
    return day.replace(year=day.year + years)


def by_hand(dates, flow, period):
    """Return late years, own training days, days before and of the held-out year."""
    days = [datetime.date.fromisoformat(str(day)) for day in dates]
    first, last = (datetime.date.fromisoformat(day) for day in period)
    seen = {day: q for day, q in zip(days, flow, strict=True) if q == q}  # no NaN
    after = sorted(day for day in seen if day >= first)
    late = 0
    while after and shifted(first, late + 1) <= after[0]:
        late += 1
    first, last = shifted(first, late), shifted(last, late)
    train = [day for day in days if first <= day <= last]
    end = train[-1] if train else last
    for back in range(40):
        low, high = shifted(end, -back - 1), shifted(end, -back)
        held_out = [day for day in train if low < day <= high]
        if len({seen[day] for day in held_out if day in seen}) > 1:
            return late, train, [day for day in train if day <= low], held_out
    return late, train, [], []


@pytest.mark.parametrize("seed", range(25))
def test_against_calendars_gone_through_day_by_day(seed, complaint):
    random = np.random.default_rng(seed)
    dates = calendar("1990-06-01", "1999-12-31")
    start = np.datetime64("1991-03-01") + random.integers(0, 300)
    period = [str(start), str(start + 365 * int(random.integers(1, 4)))]
    if any(day.endswith("02-29") for day in period):
        pytest.skip("an anniversary that not every year has")
    flow = np.full((4, len(dates)), NAN)
    for row in flow:
        first = random.integers(0, len(dates))
        row[first : first + random.integers(1, 1500)] = 1
        row *= random.integers(0, 2, len(dates))
        low = random.integers(0, len(dates))
        row[low : low + 500] *= 0  # dry
        row[random.random(len(dates)) < 0.3] = NAN
    data = catchments(dates, flow)
    days = training_days(data, period, own_start=True)
    expected = [by_hand(dates, row, period) for row in flow]
    assert years_late(flow, dates, period[0]).tolist() == [row[0] for row in expected]
    for mine, row in zip(days, expected, strict=True):
        assert dates[mine].astype(str).tolist() == [str(day) for day in row[1]]
    finite = np.isfinite(flow)

    def learnable(row, basin):
        flows = dict(zip(dates.astype(str), finite[basin], strict=True))
        return all(any(flows[str(day)] for day in part) for part in row[2:])

    if not any(learnable(row, basin) for basin, row in enumerate(expected)):
        assert complaint(last_year, days, flow, dates) == NOTHING
        return
    for part, mine in enumerate(last_year(days, flow, dates), start=2):
        for row, theirs in zip(mine, expected, strict=True):
            assert dates[row].astype(str).tolist() == [str(day) for day in theirs[part]]
