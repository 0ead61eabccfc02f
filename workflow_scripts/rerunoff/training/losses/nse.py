"""NSE*: squared errors weighted by the basin's variability (kratzert2019a)."""


def build(settings):
    """Return NSE* with the epsilon of `TrainingSettings`.

    Parameters
    ----------
    settings : TrainingSettings
        `nse_epsilon` is added to the basin's standard deviation of discharge, mm/d.

    Returns
    -------
    callable
        ``loss(predicted, observed, basin_std)``: scaled discharge, shape (batch, 1),
        and the basin's standard deviation of discharge in mm/d, shape (batch, 1).

    Notes
    -----
    kratzert2019a, equation 14, and the authors' nseloss.py: errors are of scaled
    discharge while the standard deviation and epsilon are in mm/d. The mixed units are
    the original's.
    """
    epsilon = settings.nse_epsilon

    def loss(predicted, observed, basin_std):
        weights = 1 / (basin_std + epsilon) ** 2
        return (weights * (predicted - observed) ** 2).mean()

    return loss
