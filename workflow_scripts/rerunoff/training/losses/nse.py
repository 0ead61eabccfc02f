"""NSE*: squared errors weighted by the basin's variability (kratzert2019a)."""

from rerunoff.training.losses import mean_of_counted


def build(settings):
    """Return NSE* with the epsilon of `TrainingSettings`; see `build_loss`.

    Parameters
    ----------
    settings : TrainingSettings
        `nse_epsilon` is added to the basin's standard deviation of discharge, mm/d.

    Notes
    -----
    kratzert2019a, equation 14, and the authors' nseloss.py: errors are of scaled
    discharge while the standard deviation and epsilon are in mm/d. The mixed units are
    the original's.
    """
    epsilon = settings.nse_epsilon

    def loss(prediction, batch):
        weights = 1 / (batch.basin_std + epsilon) ** 2
        return mean_of_counted(weights * (prediction - batch.target) ** 2, batch)

    return loss
