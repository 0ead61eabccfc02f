"""The models of others that papers compare with, and the authors' files."""

# Their names in legends.
BENCHMARKS = {"sac_sma": "SAC-SMA + Snow-17", "nwm": "National Water Model"}
# Of the second, below its folder: discharge by gauge, and the gauges' order.
NWM_FILES = ("nwm_daily.pkl", "camels_id.npy")

# Of kratzert2019b: first and last day of the authors' statistics, and of which dataset.
AUTHORS_PERIOD = ("1995-10-01", "2010-09-30")
AUTHORS_DATASET = "camels_us"

# Model to the authors' file in kratzert/lstm_for_pub, analysis/stats (commit 36366e2).
AUTHORS_FILES = {
    "sac_sma": "benchmark_sacsma_ensemble.csv",
    "nwm": "benchmark_nwm_retrospective.csv",
    "lstm_no_static": "global_lstm_no_static.csv",
    "lstm_static": "global_lstm_static.csv",
    "lstm_ungauged": "pub_lstm.csv",
}
