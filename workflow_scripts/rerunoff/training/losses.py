"""The two losses of kratzert2019a."""


def mse(predicted, observed, basin_std):
    """Mean squared error of scaled discharge; `basin_std` is not used.

    Parameters
    ----------
    predicted, observed : Tensor, shape (batch, 1)
        Scaled discharge.
    basin_std : Tensor, shape (batch, 1)
    """
    return ((predicted - observed) ** 2).mean()


def nse_star(epsilon):
    """Return NSE*: squared errors weighted by the basin's variability.

    Parameters
    ----------
    epsilon : float
        Added to the basin's standard deviation of discharge, mm/d.

    Returns
    -------
    callable
        ``loss(predicted, observed, basin_std)``: as `mse`; `basin_std` in mm/d.

    Notes
    -----
    kratzert2019a, equation 14, and the authors' nseloss.py: errors are of scaled
    discharge while the standard deviation and epsilon are in mm/d. The mixed units are
    the original's.
    """

    def loss(predicted, observed, basin_std):
        weights = 1 / (basin_std + epsilon) ** 2
        return (weights * (predicted - observed) ** 2).mean()

    return loss


def build_loss(settings):
    """Return the loss function of `TrainingSettings`."""
    return nse_star(settings.nse_epsilon) if settings.loss == "nse" else mse
