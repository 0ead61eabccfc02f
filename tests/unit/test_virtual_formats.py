"""Virtual catchments: their files look as the publishers' do and hold valid values."""

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.virtual import PRODUCTS, attributes, formats, write_catchments

SPAN = {"start": "1989-10-01", "end": "1993-09-30"}
DAYS = 1461
CUBIC_FOOT = 0.028316846592
HEADERS = {
    "daymet": "Year Mnth Day Hr dayl(s) prcp(mm/day) srad(W/m2) swe(mm) tmax(C) "
    "tmin(C) vp(Pa)",
    "maurer": "Year Mnth Day Hr\tDayl(s)\tPRCP(mm/day)\tSRAD(W/m2)\tSWE(mm)\tTmax(C)"
    "\tTmin(C)\tVp(Pa)",
    "maurer_extended": "Year\tMnth\tDay\tHr\tdayl(s)\tprcp(mm/day)\tsrad(W/m2)"
    "\tswe(mm)\ttmax(C)\ttmin(C)\tvp(Pa)",
}
HEADERS["nldas"] = HEADERS["nldas_extended"] = HEADERS["maurer"]
WORDS = {"daymet": "cida", "nldas": "nldas", "nldas_extended": "nldas"}
NUMBER = r"-?\d+\.\d\d"
LINES = dict.fromkeys(PRODUCTS, rf"\d{{4}} \d\d \d\d 12(\t{NUMBER}){{7}}")
LINES["maurer_extended"] = r"\d{4}\t[1-9]\d?\t[1-9]\d?\t12(\t-?\d+\.(\d|\d[1-9])){7}"


def forcing_file(folder, product, basin_id):
    name = f"{basin_id}_lump_{WORDS.get(product, 'maurer')}_forcing_leap.txt"
    return folder / "basin_mean_forcing" / product / basin_id[2:4] / name


def forcing(folder, product, basin_id):
    """Columns dayl, prcp, srad, swe, tmax, tmin, vp of a file, (days, 7)."""
    lines = forcing_file(folder, product, basin_id).read_text().splitlines()[4:]
    return np.array([line.split()[4:] for line in lines], dtype=float)


def streamflow(folder, basin_id):
    name = f"{basin_id}_streamflow_qc.txt"
    return (folder / "usgs_streamflow" / basin_id[2:4] / name).read_text().splitlines()


def table(folder, name):
    return pd.read_csv(
        folder / "camels_attributes_v2.0" / f"camels_{name}.txt",
        sep=";",
        dtype={"gauge_id": str, "huc_02": str},
        index_col="gauge_id",
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("virtual")
    ids = write_catchments(folder, 16, **SPAN)
    return folder, ids


@pytest.mark.parametrize("product", PRODUCTS)
def test_forcing_files_look_as_published(written, product):
    folder, ids = written
    for basin_id in ids:
        content = forcing_file(folder, product, basin_id).read_text()
        lines = content.splitlines()
        assert content.endswith("\n")
        assert re.fullmatch(r"  \d\d\.\d\d", lines[0])
        assert re.fullmatch(r" *\d+\.00", lines[1])
        assert len(lines[1]) == 7
        assert re.fullmatch(r" *\d{8,10}", lines[2])
        assert len(lines[2]) == 10
        assert lines[3] == HEADERS[product]
        assert len(lines) == 4 + DAYS
        assert all(re.fullmatch(LINES[product], line) for line in lines[4:])
    dates = ["-".join(line.split()[:3]) for line in lines[4:]]
    assert dates[0].replace("-0", "-") == "1989-10-1"
    assert {"1992-02-29", "1992-2-29"} & set(dates)
    assert len(set(dates)) == DAYS


@pytest.mark.parametrize("product", PRODUCTS)
def test_forcing_values_are_physical(written, product):
    folder, ids = written
    snow = 0.0
    for basin_id in ids:
        values = forcing(folder, product, basin_id)
        dayl, prcp, srad, swe, tmax, tmin, vp = values.T
        assert np.isfinite(values).all()
        assert (prcp >= 0).all()
        assert 0.1 < (prcp > 0).mean() < 0.8
        assert ((srad > 0) & (srad < 1000)).all()
        assert ((vp > 0) & (vp < 6000)).all()
        assert ((dayl > 20000) & (dayl < 66400)).all()
        assert (swe >= 0).all()
        assert ((tmin > -60) & (tmax < 55)).all()
        daily_mean = product in ("maurer", "nldas")
        assert (tmin == tmax).all() if daily_mean else (tmin < tmax).all()
        snow += swe.sum()
    assert (snow > 0) == (product == "daymet")


def test_products_are_alike_but_not_the_same(written):
    folder, ids = written
    for basin_id in ids:
        series = {product: forcing(folder, product, basin_id) for product in PRODUCTS}
        for name in ("maurer", "nldas"):
            old, extended = series[name], series[f"{name}_extended"]
            assert np.array_equal(old[:, [0, 1, 2, 3, 6]], extended[:, [0, 1, 2, 3, 6]])
            mean = extended[:, 4:6].mean(axis=1)
            assert np.abs(mean - old[:, 4]).max() < 0.02
            rain = np.corrcoef(old[:, 1], series["daymet"][:, 1])[0, 1]
            assert 0.9 < rain < 0.9999
            assert 0.8 < old[:, 1].sum() / series["daymet"][:, 1].sum() < 1.25


@pytest.mark.parametrize("gaps", [True, False])
def test_streamflow_files_look_as_published(written, tmp_path, gaps):
    folder, ids = written
    if not gaps:
        folder = tmp_path
        write_catchments(folder, 16, **SPAN, products=(), gaps=False)
    late = early = broken = zero = 0
    for basin_id in ids:
        lines = streamflow(folder, basin_id)
        pattern = (
            rf"{basin_id} \d{{4}} \d\d \d\d ( {{0,4}}\d+\.\d\d (A|A:e)| -999\.00 M)"
        )
        assert all(re.fullmatch(pattern, line) for line in lines)
        assert all(line.index(".") == 25 for line in lines)
        late += lines[0][9:19] > "1989 10 01"
        early += lines[-1][9:19] < "1993 09 30"
        broken += any(line.endswith("M") for line in lines)
        zero += any(" 0.00 A" in line for line in lines)
    assert ((late, early, broken) == (4, 4, 4)) if gaps else not late + early + broken
    assert 1 <= zero <= 8


def test_discharge_in_the_file_is_cubic_feet(written):
    folder, ids = written
    hydro = table(folder, "hydro")
    lines = streamflow(folder, ids[0])
    area = int(forcing_file(folder, "daymet", ids[0]).read_text().splitlines()[2])
    flow = np.array([line.split()[4] for line in lines], dtype=float)
    assert len(flow) == DAYS  # the first basin has no gap
    millimetres = flow * CUBIC_FOOT * 86400 / area * 1000
    assert millimetres.mean() == pytest.approx(hydro.loc[ids[0], "q_mean"], rel=1e-3)


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    """Sixteen catchments with the benchmark model's files of one forcing product."""
    folder = tmp_path_factory.mktemp("benchmark")
    span = {"start": "1979-06-01", "end": "1985-09-30"}
    ids = write_catchments(folder, 16, **span, products=(), model_output=("maurer",))
    return folder, ids


def model_output(folder, basin_id, seed):
    place = folder / "model_output" / "maurer" / basin_id[2:4]
    return place / f"{basin_id}_{seed}_model_output.txt"


def test_model_output_looks_as_published(benchmark):
    folder, ids = benchmark
    assert not (folder / "basin_mean_forcing").exists()
    assert len(list(folder.glob("model_output/**/*.txt"))) == 48
    pattern = r"\d{4} \d\d \d\d 12( [ \d-]{2,}\d\.\d{4}000){8}"
    for basin_id in ids:
        for seed in ("05", "11", "27"):
            content = model_output(folder, basin_id, seed).read_text()
            header, *lines = content.splitlines()
            assert content.endswith("\n")
            assert header == "YR MNTH DY HR SWE PRCP RAIM TAIR PET ET MOD_RUN OBS_RUN"
            assert all(re.fullmatch(pattern, line) for line in lines)
            assert min(len(line) for line in lines) == 109
            assert lines[0].startswith("1980 10 01 12 ")
            assert lines[-1].startswith("1985 09 30 12 ")
            assert len(lines) == 1826


def test_model_output_is_an_imperfect_simulation(benchmark):
    folder, ids = benchmark
    skill = np.empty((16, 3))
    for row, basin_id in enumerate(ids):
        seen = {line[9:19]: line for line in streamflow(folder, basin_id)}
        missing = {day for day, line in seen.items() if line.endswith("M")}
        for column, seed in enumerate(("05", "11", "27")):
            lines = model_output(folder, basin_id, seed).read_text().splitlines()[1:]
            values = np.array([line.split()[4:] for line in lines], dtype=float)
            swe, prcp, raim, _, pet, et, model, observed = values.T
            assert (values[:, [0, 1, 2, 4, 5, 6, 7]] >= 0).all()
            assert (et <= pet).all()
            np.testing.assert_allclose(
                raim[1:], np.maximum(prcp[1:] - np.diff(swe), 0), atol=2e-4
            )
            days = [line[:10] for line in lines]
            gone = np.array([day not in seen or day in missing for day in days])
            assert (observed[gone] == 0).all()
            error = ((model - observed)[~gone] ** 2).sum()
            spread = ((observed - observed[~gone].mean())[~gone] ** 2).sum()
            skill[row, column] = 1 - error / spread
    assert 0.4 < np.median(skill) < 0.8
    assert np.quantile(skill, 0.95) < 0.99
    assert (np.ptp(skill, axis=1) > 0.005).all()
    assert len(set(skill.argmax(axis=1))) == 3


def test_observations_beside_the_model_are_those_of_the_gauge(benchmark):
    folder, ids = benchmark
    seen = {line[9:19]: float(line.split()[4]) for line in streamflow(folder, ids[0])}
    lines = model_output(folder, ids[0], "05").read_text().splitlines()[1:]
    pairs = [(float(line.split()[-1]), seen[line[:10]]) for line in lines]
    theirs, ours = np.array(pairs).T
    assert np.corrcoef(theirs, ours)[0, 1] > 0.99999


def test_benchmark_changes_no_other_file(benchmark, tmp_path):
    folder, _ = benchmark
    write_catchments(tmp_path, 16, "1979-06-01", "1985-09-30", products=())
    before = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.txt")}
    after = {path.relative_to(folder) for path in folder.rglob("*.txt")}
    assert {path.parts[0] for path in after - before} == {"model_output"}
    assert before < after
    for path in before:
        assert (tmp_path / path).read_bytes() == (folder / path).read_bytes()


def test_seeds_of_the_benchmark_do_not_depend_on_each_other(benchmark, tmp_path):
    folder, ids = benchmark
    some = {"model_output": ("maurer", "daymet"), "model_seeds": ["94", "11"]}
    write_catchments(tmp_path, 2, "1979-06-01", "1985-09-30", products=(), **some)
    files = sorted(
        path.name for path in (tmp_path / "model_output/daymet/01").iterdir()
    )
    assert files == [f"{min(ids)}_{seed}_model_output.txt" for seed in ("11", "94")]
    again = model_output(tmp_path, ids[0], "11").read_bytes()
    assert again == model_output(folder, ids[0], "11").read_bytes()
    assert again != model_output(tmp_path, ids[0], "94").read_bytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model_output": ("nldas_extended",)}, "give a list of daymet, maurer, nldas"),
        ({"model_output": "daymet"}, "model_output is 'daymet'; give a list"),
        ({"model_seeds": "05"}, "model_seeds are '05'; give a list"),
        ({"model_seeds": ("5",)}, "two digits, such as 05, 11, 27"),
        ({"model_seeds": (5,)}, "different seeds of two digits"),
        ({"model_seeds": ("05", "05")}, "different seeds of two digits"),
        ({"model_seeds": ()}, "different seeds of two digits"),
    ],
)
def test_bad_arguments_of_the_benchmark_are_said(tmp_path, complaint, change, words):
    options = {"model_output": ("daymet",), **change}
    message = complaint(write_catchments, tmp_path, 2, **SPAN, **options)
    assert words in message
    assert not list(tmp_path.iterdir())


def test_attribute_tables_hold_what_the_papers_use(written):
    folder, ids = written
    text = (folder / "camels_attributes_v2.0" / "camels_name.txt").read_text()
    assert text.startswith("gauge_id;huc_02;gauge_name\n99010001;01;Virtual")
    joined = pd.concat([table(folder, name) for name in attributes.TABLES], axis=1)
    assert list(joined.index) == ids
    holes = joined.columns[joined.isna().any()]
    assert {"geol_2nd_class", "root_depth_50"} <= set(holes)
    # What may have holes is nothing that a network of the papers reads.
    allowed = {"geol_2nd_class", "geol_porostiy", "root_depth_50", "root_depth_99"}
    assert set(holes) <= allowed | set(attributes.TABLES["hydro"].split())
    assert joined["dom_land_cover"].str.startswith("    ").all()
    assert joined["p_mean"].between(0.4, 12).all()
    assert joined["max_water_content"].between(0.05, 1.1).all()
    fractions = ["sand_frac", "silt_frac", "clay_frac", "other_frac"]
    assert np.allclose(joined[fractions].sum(axis=1), 100)
    assert (joined["area_gages2"] < 2000).all()


def test_climate_attributes_follow_from_the_daymet_file(written):
    folder, ids = written
    clim = table(folder, "clim")
    for basin_id in ids[:4]:
        values = forcing(folder, "daymet", basin_id)
        rain, mean = values[:, 1], values[:, 4:6].mean(axis=1)
        row = clim.loc[basin_id]
        assert row["p_mean"] == pytest.approx(rain.mean(), rel=1e-3)
        share = rain[mean < 0].sum() / rain.sum()
        assert row["frac_snow"] == pytest.approx(share, abs=2e-3)
        heavy = (rain >= 5 * rain.mean()).mean() * 365.25
        assert row["high_prec_freq"] == pytest.approx(heavy, abs=0.6)
        assert row["aridity"] == pytest.approx(row["pet_mean"] / row["p_mean"])


def test_numbers_are_rounded_and_no_zero_has_a_minus():
    values = [0.004, 0.005, 0.015, 1.5, 12.34, -0.5, -0.004, -12.046, 31185.94]
    found = formats.lines("%.2f", formats.rounded(values)).split()
    assert found[:2] == ["0.00"] * 2
    assert found[2:7] == ["0.02", "1.50", "12.34", "-0.50", "0.00"]
    assert found[7:] == ["-12.05", "31185.94"]
    assert formats.lines("%s", formats.rounded(values)).split()[3] == "1.5"
    assert formats.rounded([-0.00004, 0.00006], 4) == [0.0, 0.0001]


@pytest.fixture
def real():
    root = os.environ.get("RERUNOFF_DATA")
    if not root or not (Path(root) / "camels_us_formats").is_dir():
        pytest.skip("RERUNOFF_DATA names no folder with camels_us_formats")
    return Path(root)


def shape(line):
    """Reduce a line to its separators, paddings and decimals."""
    return re.sub(r"\d+", "9", line).replace("-", "").replace(" " * 3, "  ")


@pytest.mark.parametrize("product", ["daymet", "maurer", "maurer_extended", "nldas"])
def test_forcing_equals_the_real_files_in_form(written, real, product):
    folder, ids = written
    found = real.glob(f"camels_us_formats/basin_mean_forcing/{product}/**/*_leap.txt")
    theirs = next(found).read_text().splitlines()
    ours = forcing_file(folder, product, ids[0]).read_text().splitlines()
    assert ours[3] == theirs[3]
    assert [len(line) for line in ours[:3]] == [len(line) for line in theirs[:3]]
    assert {shape(line) for line in ours[4:]} == {shape(line) for line in theirs[4:]}


def test_streamflow_equals_the_real_files_in_form(written, real):
    folder, ids = written
    found = real.glob("camels_us_formats/usgs_streamflow/**/*_qc.txt")
    theirs = next(found).read_text().splitlines()
    ours = streamflow(folder, ids[0])
    assert {len(line.split(".")[0]) for line in ours} == {
        len(line.split(".")[0]) for line in theirs
    }
    known = {line.split()[-1] for line in theirs} | {"M"}
    assert {line.split()[-1] for line in ours} <= known


def test_attribute_headers_equal_the_real_ones(written, real):
    folder, _ = written
    theirs = real / "camels_us_sample" / "camels_attributes_v2.0"
    if not theirs.is_dir():
        pytest.skip("no camels_us_sample in RERUNOFF_DATA")
    for name in attributes.TABLES:
        with open(theirs / f"camels_{name}.txt") as real_file:
            header = real_file.readline()
        path = folder / "camels_attributes_v2.0" / f"camels_{name}.txt"
        assert path.read_text().split("\n")[0] == header.rstrip("\n")
