"""A hydrograph after each of several epochs (kratzert2018, figure 4)."""

import pandas as pd

from rerunoff.evaluation.simulate import simulate
from rerunoff.tables import write_table
from rerunoff.training.run import Run
from rerunoff.training.weights import TrainedModel


def trace_epochs(settings, workspace, epochs, period, output):
    """Train a basin's network; write its hydrograph after some epochs.

    The training is that of the run of the same settings, step by step.

    Parameters
    ----------
    settings : RunSettings
        Of one basin.
    workspace : Workspace
    epochs : sequence of int
        Counted from 1.
    period : sequence of str
        First and last day to simulate.
    output : str or Path
        CSV: `date`, then one column per epoch, mm/d.

    Raises
    ------
    InputError
        If the data do not hold the period.
    """
    run = Run(settings, workspace)
    days = run.catchments.days(period)
    scaler, samples = run.samples(run.days)

    def after_epoch(model):
        trained = TrainedModel(model, settings, scaler)
        discharge = simulate(trained, run.catchments, days, run.device)[0]
        return {"discharge": discharge.tolist()}

    last = min(settings.training.epochs, max(epochs))
    history = run.fit(run.fresh(), samples, last, "trace", after_epoch)
    series = {
        str(epoch): history[epoch - 1]["discharge"] for epoch in epochs if epoch <= last
    }
    dates = run.catchments.dates[days]
    write_table(pd.DataFrame({"date": dates} | series), output)
    run.forget()
