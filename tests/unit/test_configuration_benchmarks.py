"""The benchmarks of kratzert2019a: which are in use, and what of them is refused."""

import pytest
from rerunoff.jobs import benchmark_files
from rerunoff.protocol.benchmarks import THIRD_PARTY_MODELS
from rerunoff.protocol.deviations import deviations, notes, told
from rerunoff.protocol.resolve import look_of
from unit.test_configuration import ROOT, WHOLE, check_whole, merged

PAPER = "kratzert2019a"
_EACH = ", ".join(f"{name}: {{statistics: third_party}}" for name in THIRD_PARTY_MODELS)
FIVE = f"benchmarks: {{{_EACH}}}"


@pytest.fixture
def override(tmp_path):
    """Lay keys of the paper over the configuration; return file and configuration."""

    def lay(text, **general):
        path = tmp_path / "my.yaml"
        lines = [f"{key}: {value}" for key, value in general.items()]
        lines += [f"papers: [{PAPER}]", f"{PAPER}: {{{text}}}"]
        path.write_text("\n".join(lines) + "\n")
        return path, merged(*WHOLE, path)

    return lay


@pytest.fixture
def published_root(tmp_path):
    root = tmp_path / "published"
    (root / PAPER).mkdir(parents=True)
    (root / PAPER / "benchmarks_perbasin.csv").touch()
    return root


def test_by_default_no_benchmark_is_used(override):
    path, config = override("only: null")
    paper = check_whole(config, path)[PAPER]
    assert paper.benchmarks == []
    assert benchmark_files(config, PAPER) is None


def test_the_published_files_have_all_ten_benchmarks(override):
    path, config = override(
        "benchmark_files: published, benchmarks: {fuse_902: {variable: null}}"
    )
    paper = check_whole(config, path)[PAPER]
    assert len(paper.benchmarks) == 9
    assert "fuse_902" not in paper.benchmarks
    assert paper.imported == []
    assert paper.sac_sma_forcing is None
    assert benchmark_files(config, PAPER).endswith("netcdf.tar.xz")
    found = deviations(config, paper, ROOT)
    assert found["vic_conus"] == []
    assert told(paper, found) == ""


def test_metrics_of_others_are_used_where_their_file_is(override, published_root):
    path, config = override(FIVE, published_root=published_root)
    paper = check_whole(config, path)[PAPER]
    assert paper.imported == paper.benchmarks == [*THIRD_PARTY_MODELS]
    assert paper.absent == ()
    assert told(paper, deviations(config, paper, ROOT)).endswith(
        "FUSE 900 were computed by others from the published simulations, of "
        "1989-10-01 to 1999-09-30."
    )
    assert look_of(paper, "fuse_900")["model"] == "fuse"
    (published_root / PAPER / "benchmarks_perbasin.csv").unlink()
    (published_root / PAPER / "metrics_x.csv").touch()
    for general in ({"published_root": published_root}, {}):
        path, config = override(FIVE, **general)
        paper = check_whole(config, path)[PAPER]
        assert paper.benchmarks == paper.imported == []
        assert paper.absent == tuple(THIRD_PARTY_MODELS)
    # What is not at hand from others is read from the files, if there are any.
    path, config = override(f"benchmark_files: published, {FIVE}")
    paper = check_whole(config, path)[PAPER]
    assert (len(paper.benchmarks), paper.imported) == (10, [])


@pytest.mark.parametrize(
    ("text", "general", "words"),
    [
        (
            "benchmarks: {vic_basin: {statistics: authors}}",
            {},
            "benchmarks.vic_basin.statistics is authors, who published them for",
        ),
        (
            "benchmarks: {vic_conus: {statistics: third_party}}",
            {},
            "benchmarks.vic_conus.statistics is third_party, whose benchmarks_perbasin",
        ),
        (
            "basins: all, scaling: training, benchmarks: {sac_sma: {statistics: "
            "third_party}}",
            {"dataset": "virtual"},
            "whose statistics are of camels_us, not of virtual; set it to null.",
        ),
        (
            "benchmark_files: published, basins: all, scaling: training, forcing: "
            "era5_land, inputs: [prcp]",
            {"dataset": "caravan", "data_root": "."},
            "benchmark_files is published, which means files of gauges of camels_us",
        ),
        (
            "benchmark_files: /no/such/folder",
            {},
            "benchmark_files is /no/such/folder, which is no folder with *.nc",
        ),
        ("benchmarks: {vic_conus: {forcing: null}}", {}, "is not a known key"),
        ("benchmark_files: true", {}, "benchmark_files is wrong"),
    ],
)
def test_mistakes_are_named(override, complaint, text, general, words):
    path, config = override(text, **general)
    assert words in complaint(check_whole, config, path)


def test_scorecard_says_whose_metrics_a_benchmark_has(override, published_root):
    text = "benchmarks: {hbv_upper: {statistics: third_party}}"
    path, config = override(text, published_root=published_root)
    assert notes(check_whole(config, path)[PAPER]) == {
        "hbv_upper": "metrics of HBV, upper bound (100 calibrated) were computed by "
        "others from the published simulations"
    }
