"""kratzert2018: the plain recurrent network beside the LSTM, on one basin."""

from rerunoff.data.river_names import read_headings
from rerunoff.data.simulations import read_simulation
from rerunoff.data.store import read_store
from rerunoff.figures.kratzert2018.one_basin import against_observed
from rerunoff.figures.reading import read_nse, rows_of, rows_of_days
from rerunoff.figures.style import colour_of, written


def draw(store, simulations, metrics, looks, member, basin, period):
    """Read what each network, in the order of `looks`, makes of a basin; draw it."""
    catchments = read_store(store, (), (), [basin])
    days = catchments.days(period)
    dates, simulated = catchments.dates[days], {}
    for experiment, path in zip(looks, simulations, strict=True):
        simulation = read_simulation(path)
        rows = rows_of([basin], simulation.basins, path, "rnn_vs_lstm.basin")
        its_days = rows_of_days(dates, simulation.dates, store, "rnn_vs_lstm.period")
        simulated[experiment] = simulation.discharge[rows[0], its_days]
    nse = read_nse(metrics, looks, member).loc[basin].to_dict()
    heading = read_headings(store, [basin])[basin]
    observed = catchments.discharge[0, days]
    return figure_of(observed, simulated, dates, heading, nse, looks)


def figure_of(observed, simulated, dates, heading, nse, looks):
    """Draw discharge of one basin as simulated by each model, one panel each.

    Parameters
    ----------
    observed, dates, heading
        As in `hydrograph_epochs.figure_of`.
    simulated : dict of str to ndarray, shape (day,)
        Experiment to discharge in mm/d; panels in this order.
    nse : dict of str to float
        Experiment to NSE over the whole validation period.
    looks : dict of str to dict
        As in `style.colour_of`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    panels = []
    for experiment, discharge in simulated.items():
        title = f"{looks[experiment]['title']}, NSE {written(nse[experiment])}"
        panels.append((title, discharge, colour_of(looks, experiment)))
    return against_observed(observed, panels, dates, heading)
