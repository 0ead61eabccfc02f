"""Benchmark simulations: what the files say, what bad ones say, and the best seed."""

import dataclasses
import logging
import re

import numpy as np
import pytest
import xarray as xr
from rerunoff.data.model_output import (
    best_seed,
    read_file,
    read_model_output,
    select_seed,
)
from rerunoff.data.readers.camels_us import Reader
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation, read_simulation
from rerunoff.data.virtual import write_catchments

HEADER = "YR MNTH DY HR SWE PRCP RAIM TAIR PET ET MOD_RUN OBS_RUN"
FIRST = np.datetime64("1999-10-01")
SEEDS = ("05", "11", "27")
AGAIN = "the file is damaged or truncated, download it again."


def row(day, swe=1.5, runoff=0.25):
    """A line as published, which ends in an observation never to be read."""
    values = (swe, 2.0, 2.0, -3.25, 1.0, 0.5, runoff, 77.0)
    date = str(day).replace("-", " ")
    return f"{date} 12" + "".join(f" {value:11.7f}" for value in values)


def put(folder, basin, seed, lines, huc="01"):
    path = folder / huc / f"{basin}_{seed}_model_output.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def days(first, number):
    return np.datetime64(first) + np.arange(number)


@pytest.fixture(scope="module")
def virtual(tmp_path_factory):
    """Five virtual catchments with the benchmark of one forcing product."""
    root = tmp_path_factory.mktemp("benchmark")
    only = {"products": ("daymet",), "model_output": ("daymet",)}
    ids = write_catchments(root, 5, "1999-06-01", "2002-09-30", **only)
    return root, ids, read_model_output(root / "model_output" / "daymet", ids)


@pytest.fixture
def small(tmp_path):
    """Two basins in different HUC folders, two seeds, three days."""
    folder = tmp_path / "daymet"
    for basin, huc in (("01013500", "01"), ("02011400", "03")):
        for seed in ("05", "11"):
            put(folder, basin, seed, [row(day) for day in days("1999-10-01", 3)], huc)
    return folder, ["02011400", "01013500"]


def test_virtual_files_are_read_back(virtual):
    root, ids, output = virtual
    assert output.basins == ids
    assert output.seeds == list(SEEDS)
    assert output.dates[0] == FIRST
    assert output.dates[-1] == np.datetime64("2002-09-30")
    assert output.discharge.shape == output.swe.shape == (3, 5, len(output.dates))
    assert output.discharge.dtype == output.swe.dtype == np.float32
    for seed, basin, day in ((0, 0, 0), (1, 3, 200), (2, 4, 1095)):
        name = f"{ids[basin]}_{SEEDS[seed]}_model_output.txt"
        folder = root / "model_output" / "daymet" / ids[basin][2:4]
        fields = (folder / name).read_text().splitlines()[1 + day].split()
        date = f"{output.dates[day]}".split("-")
        assert fields[:4] == [*date, "12"]
        assert output.swe[seed, basin, day] == np.float32(fields[4])
        assert output.discharge[seed, basin, day] == np.float32(fields[10])


def test_basins_come_in_the_order_asked_for(virtual):
    root, ids, output = virtual
    turned = read_model_output(root / "model_output" / "daymet", ids[3:0:-2])
    assert turned.basins == [ids[3], ids[1]]
    np.testing.assert_array_equal(turned.discharge, output.discharge[:, [3, 1]])


def test_other_than_ten_calibrations_are_said(small, caplog):
    with caplog.at_level(logging.WARNING):
        read_model_output(*small)
    assert caplog.messages == [
        f"{small[0]}: 2 calibrations a basin (seeds 05 11), where the papers have 10"
    ]


def test_calendar_is_the_union_and_gaps_are_nan(small):
    folder, basins = small
    put(folder, "01013500", "11", [row("1999-10-02"), row("1999-10-05", runoff=9)])
    output = read_model_output(folder, basins)
    assert output.dates.tolist() == days("1999-10-01", 5).tolist()
    held = np.isfinite(output.discharge)
    assert held.sum(axis=2).tolist() == [[3, 3], [3, 2]]
    assert output.discharge[1, 1, 4] == 9
    assert np.isfinite(output.swe).tolist() == held.tolist()


def test_wide_numbers_and_other_files_do_no_harm(small):
    folder, basins = small
    path = put(folder, "01013500", "05", [row("1999-10-01", swe=1234.5)])
    (path.parent / "01013500_05_model_parameters.txt").write_text("SCF 1\n")
    (path.parent / "01013500_5_model_output.txt").write_text("not of ours\n")
    # The same file in two folders is no contradiction.
    put(folder, "01013500", "05", [row("1999-10-01", swe=1234.5)], huc="02")
    assert read_model_output(folder, basins).swe[0, 1, 0] == np.float32(1234.5)


def test_observations_are_not_looked_at(small):
    folder, _ = small
    path = folder / "01" / "01013500_05_model_output.txt"
    dates, runoff, swe = read_file(path)
    path.write_text(path.read_text().replace("77.0000000", "*********"))
    again = read_file(path)
    for ours, theirs in zip((dates, runoff, swe), again, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    path.write_text(path.read_text().replace(" OBS_RUN", " ANYTHING"))
    assert len(read_file(path)[0]) == 3


def test_missing_folder_is_said(complaint, tmp_path):
    message = complaint(read_model_output, tmp_path / "none", ["01013500"])
    assert message == (
        f"{tmp_path}/none: no such folder; download and unpack the model output of the "
        "forcing product there."
    )


def test_basin_without_a_file_is_named(small, complaint):
    folder, basins = small
    message = complaint(read_model_output, folder, [*basins, "03010655", "03010656"])
    assert message == (
        f"{folder}: no model output of basin 03010655 (2 such basins); remove it from "
        "the basin list or add its files."
    )


def test_missing_seed_is_named(small, complaint):
    folder, basins = small
    (folder / "03" / "02011400_11_model_output.txt").unlink()
    message = complaint(read_model_output, folder, basins)
    assert message == (
        f"{folder}: basin 02011400 has no file of seed 11, which other basins have; "
        "add 02011400_11_model_output.txt or remove the basin from the basin list."
    )


def test_contradicting_files_are_named(small, complaint):
    folder, basins = small
    path = put(folder, "01013500", "05", [row("1999-10-01")], huc="02")
    message = complaint(read_model_output, folder, basins)
    other = folder / "01" / path.name
    words = f"{path}: differs from {other}, of the same basin and seed; remove "
    assert message.startswith(words)


def drop(name):
    def change(lines):
        return [lines[0].replace(name, "OTHER"), *lines[1:]]

    return change


def fields(number, position, text):
    def change(lines):
        parts = lines[number - 1].split()
        parts[position : position + 1] = text
        return [*lines[: number - 1], " ".join(parts), *lines[number:]]

    return change


def order(*numbers):
    return lambda lines: [lines[number - 1] for number in numbers]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            drop("MOD_RUN"),
            ", line 1: no column MOD_RUN; the file is damaged or no CAMELS model "
            "output, download it again.",
        ),
        (drop("SWE"), ", line 1: no column SWE; "),
        (drop("MNTH"), ", line 1: no column MNTH; "),
        (lambda lines: [], ", line 1: no column YR; "),
        (
            fields(3, 10, ["0.2x"]),
            f", line 3: '0.2x' in column MOD_RUN is no number; {AGAIN}",
        ),
        (fields(3, 10, ["nan"]), ", line 3: 'nan' in column MOD_RUN is no number; "),
        (fields(2, 4, ["****"]), ", line 2: '****' in column SWE is no number; "),
        (fields(4, 0, ["19x9"]), ", line 4: '19x9' in column YR is no number; "),
        (
            fields(2, 9, []),
            f", line 2: 11 fields instead of 12; {AGAIN}",
        ),
        (
            fields(3, 5, ["2.", "5"]),
            f", line 3: 13 fields instead of 12; {AGAIN}",
        ),
        (
            fields(2, 2, ["32"]),
            ", line 2: 1999-10-32 is no day of the calendar; correct the line or "
            "download the file again.",
        ),
        (
            order(1, 2, 3, 3, 4),
            ", line 4: 1999-10-02 stands there twice; remove one of the two.",
        ),
        (
            order(1, 2, 4, 3),
            ", line 4: 1999-10-02 comes after 1999-10-03; sort the days.",
        ),
        (order(1), ": no day of data; download the file again."),
        (
            lambda lines: [*lines[:2], lines[2].replace("  ", "\0", 1), *lines[3:]],
            ", line 3: the byte 0x00 belongs into no such table; the file is ",
        ),
        (
            lambda lines: [*lines[:2], lines[2].replace("  ", " \x14 ", 1), *lines[3:]],
            ", line 3: the byte 0x14 belongs into no such table; the file is ",
        ),
        (fields(3, 1, ["10.5"]), ", line 3: 1999-10.5-02 is no day of the calendar; "),
        (fields(4, 0, ["9996"]), ", line 4: 9996-10-03 is not between 1700-01-01 and"),
        (fields(4, 10, ["2001"]), ", line 4: MOD_RUN is 2001, and runoff is at most "),
        (fields(4, 4, ["-999"]), ", line 4: SWE is -999, which stands for a missing"),
        (
            lambda lines: [lines[0].replace("PET", "SWE"), *lines[1:]],
            ", line 1: column 'SWE' is there 2 times; the file is damaged",
        ),
        (
            fields(4, 10, ["-0.5"]),
            ", line 4: MOD_RUN is -0.5, and runoff cannot be negative; correct the "
            "line or download the file again.",
        ),
    ],
)
def test_damaged_file_is_named_with_its_line(small, edit, complaint, change, fault):
    folder, basins = small
    path = folder / "01" / "01013500_11_model_output.txt"
    edit(path, change)
    message = complaint(read_model_output, folder, basins)
    assert message.startswith(f"{path}{fault}")


@pytest.mark.parametrize(
    ("lost", "fault"),
    [
        (1, "the file ends within this line"),
        (8, "the file ends within this line"),  # within OBS_RUN
        (13, f"11 fields instead of 12; {AGAIN}"),
        (16, f"11 fields instead of 12; {AGAIN}"),  # within MOD_RUN
        (100, f"3 fields instead of 12; {AGAIN}"),
    ],
)
def test_truncated_last_line_is_named(small, complaint, lost, fault):
    path = small[0] / "01" / "01013500_11_model_output.txt"
    path.write_text(path.read_text()[:-lost])
    assert complaint(read_file, path).startswith(f"{path}, line 4: {fault}")


def test_unreadable_file_is_said(tmp_path, complaint):
    message = complaint(read_file, tmp_path)
    assert message == (
        f"{tmp_path}: cannot be read (Is a directory); make it a readable file."
    )


def test_round_trip(virtual, tmp_path):
    output = virtual[2]
    runoff = output.discharge.copy()
    runoff[1, 2, 3:7] = np.nan
    output = dataclasses.replace(output, discharge=runoff)
    path = tmp_path / "deep" / "model_output.h5"
    write_simulation(path, output)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    loaded = read_simulation(path)
    assert (loaded.basins, loaded.seeds) == (output.basins, output.seeds)
    for name in ("dates", "discharge", "swe"):
        ours, theirs = getattr(output, name), getattr(loaded, name)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        assert dataset["discharge_simulated"].dims == ("model_seed", "basin", "date")
        assert dataset["discharge_simulated"].attrs["units"] == "mm/d"
        assert dataset["swe"].attrs["units"] == "mm"
        assert dataset["date"].values[0] == FIRST


@pytest.mark.parametrize("content", [None, b"no HDF5", "empty"])
def test_damaged_netcdf_is_said(tmp_path, complaint, content):
    path = tmp_path / "model_output.h5"
    if content == "empty":
        xr.Dataset().to_netcdf(path, engine="h5netcdf")
    elif content:
        path.write_bytes(content)
    message = complaint(read_simulation, path)
    assert message.startswith(f"{path}: no readable simulation (")
    assert message.endswith("); delete it and run again.")


def made(shape, seed, start="2000-01-01"):
    rng = np.random.default_rng(seed)
    runoff = rng.gamma(1, 1, shape).astype(np.float32)
    return Simulation(
        basins=[f"{basin:08d}" for basin in range(shape[1])],
        seeds=[f"{number:02d}" for number in range(shape[0])],
        dates=days(start, shape[2]),
        discharge=runoff,
        swe=np.zeros_like(runoff),
    )


def brute_force(output, observed, calibration, dates):
    """The seed of lowest RMSE, day by day."""
    chosen = []
    for row_, _ in enumerate(output.basins):
        errors = {seed: [] for seed in output.seeds}
        for day, date in enumerate(dates):
            place = np.flatnonzero(output.dates == date)
            if not (len(place) and calibration[row_, day]):
                continue
            values = output.discharge[:, row_, place[0]].astype(float)
            differences = values - observed[row_, day]
            if np.isfinite(differences).all():
                for seed, difference in zip(output.seeds, differences, strict=True):
                    errors[seed].append(difference**2)
        means = {seed: np.sqrt(np.mean(e)) for seed, e in errors.items() if e}
        chosen.append(min(means, key=means.get) if means else None)
    return chosen


@pytest.mark.parametrize("start", ["1999-12-20", "2000-01-20"])
def test_best_seed_equals_the_brute_force_one(start):
    output = made((4, 6, 60), 1)
    rng = np.random.default_rng(2)
    output.discharge[rng.random(output.discharge.shape) < 0.05] = np.nan
    observed = rng.gamma(1, 1, (6, 80))
    observed[rng.random(observed.shape) < 0.2] = np.nan
    calibration = rng.random(observed.shape) < 0.5
    dates = days(start, 80)
    chosen = best_seed(output, observed, calibration, dates)
    assert chosen == brute_force(output, observed, calibration, dates)
    assert len(set(chosen)) > 1


def test_best_seed_is_the_one_that_made_the_observations(virtual):
    root, ids, output = virtual
    records = [Reader(root, "daymet").read(basin) for basin in ids]
    observed = np.stack([record.discharge for record in records])
    dates = records[0].dates
    perfect = {ids[0]: 2, ids[3]: 1}
    for basin, seed in perfect.items():
        position = np.searchsorted(dates, output.dates)
        observed[ids.index(basin), position] = output.discharge[seed, ids.index(basin)]
    chosen = best_seed(output, observed, np.isfinite(observed), dates)
    assert [chosen[ids.index(basin)] for basin in perfect] == ["27", "11"]
    assert set(chosen) <= set(SEEDS)


def test_basin_without_overlap_has_no_seed(caplog):
    output = made((2, 4, 30), 3)
    observed = np.ones((4, 30), dtype=np.float32)
    calibration = np.ones((4, 30), dtype=bool)
    observed[0] = np.nan
    calibration[1] = False
    output.discharge[0, 2] = np.nan
    with caplog.at_level(logging.WARNING):
        chosen = best_seed(output, observed, calibration, output.dates)
    assert chosen[:3] == [None, None, None]
    assert chosen[3] is not None
    assert re.search(": 00000000 00000001 00000002\n$", caplog.text)
    assert "3 of 4 basins have no calibration day" in caplog.text
    selected = select_seed(output, chosen)
    assert selected.dtype == np.float32
    assert np.isnan(selected[:3]).all()
    seed = output.seeds.index(chosen[3])
    np.testing.assert_array_equal(selected[3], output.discharge[seed, 3])


def test_calendars_that_do_not_meet_give_no_seed(caplog):
    output = made((2, 2, 30), 3)
    later = output.dates + 100
    ones = np.ones((2, 30))
    assert best_seed(output, ones, ones > 0, later) == [None, None]
    assert np.isnan(select_seed(output, [None, None])).all()


def test_wrong_number_of_basins_is_refused():
    output = made((2, 3, 5), 3)
    with pytest.raises(ValueError, match="shorter"):
        select_seed(output, ["00", "01"])
