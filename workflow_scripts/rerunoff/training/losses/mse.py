"""The mean squared error of scaled discharge."""


def build(settings):
    """Return the loss: parameters as of NSE*, of which `basin_std` is not used."""

    def loss(predicted, observed, basin_std):
        return ((predicted - observed) ** 2).mean()

    return loss
