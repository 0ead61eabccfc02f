"""The models of others that papers compare with, and the authors' files."""

from rerunoff.protocol.derived import HBV, HBV_FEW, HBV_REGIONAL, SHYFT

# Their names in legends; the first are calibrated here.
BENCHMARKS = {
    HBV: "HBV (this project)",
    HBV_FEW[0]: "HBV (this project), 1 year",
    HBV_FEW[1]: "HBV (this project), 3 years",
    HBV_REGIONAL: "HBV with parameters of other basins",
    SHYFT[0]: "Shyft PT_GS_K",
    SHYFT[1]: "Shyft PT_ST_HBV",
    "sac_sma": "SAC-SMA + Snow-17",
    "nwm": "National Water Model",
    "vic_basin": "VIC, calibrated by basin",
    "vic_conus": "VIC, calibrated for CONUS",
    "mhm_basin": "mHM, calibrated by basin",
    "mhm_conus": "mHM, calibrated for CONUS",
    "hbv_lower": "HBV, lower bound (1000 uncalibrated)",
    "hbv_upper": "HBV, upper bound (100 calibrated)",
    "fuse_900": "FUSE 900",
    "fuse_902": "FUSE 902",
    "fuse_904": "FUSE 904",
}
# Versions of one model, which share a colour in figures.
FAMILIES = {
    name: name.split("_")[0]
    for name in BENCHMARKS
    if name.startswith(("vic_", "mhm_", "hbv_", "fuse_", "shyft_"))
}
# Of the second, below its folder: discharge by gauge, and the gauges' order.
NWM_FILES = ("nwm_daily.pkl", "camels_id.npy")

# Whose metrics by basin stand for simulations of a benchmark: of kratzert2019b the
# authors' own, of kratzert2019a those that others computed from the published series.
AUTHORS, THIRD_PARTY = "authors", "third_party"
# First and last day of these metrics, and of which dataset they are.
STATISTICS_PERIODS = {
    AUTHORS: ("1995-10-01", "2010-09-30"),
    THIRD_PARTY: ("1989-10-01", "1999-09-30"),
}
STATISTICS_DATASET = "camels_us"
# Of the others, below published_root/<paper>: no publisher of this file is known.
THIRD_PARTY_FILE = "benchmarks_perbasin.csv"
# Whose basins and test period it is of, and who else may compare with it.
THIRD_PARTY_PAPER = "kratzert2019a"
COMPARED_WITH_THIRD_PARTY = (THIRD_PARTY_PAPER, "physics")
# What it calls the benchmarks that it has.
THIRD_PARTY_MODELS = {
    "sac_sma": "SAC_SMA",
    "vic_basin": "VIC_basin",
    "mhm_basin": "mHm_basin",
    "hbv_upper": "HBV_ub",
    "fuse_900": "q_sim_fuse_900",
}

# Model to the authors' file in kratzert/lstm_for_pub, analysis/stats (commit 36366e2).
AUTHORS_FILES = {
    "sac_sma": "benchmark_sacsma_ensemble.csv",
    "nwm": "benchmark_nwm_retrospective.csv",
    "lstm_no_static": "global_lstm_no_static.csv",
    "lstm_static": "global_lstm_static.csv",
    "lstm_ungauged": "pub_lstm.csv",
}
