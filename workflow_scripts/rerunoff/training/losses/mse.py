"""The mean squared error of scaled discharge."""

from rerunoff.training.losses import mean_of_counted


def build(settings):
    """Return the loss; see `build_loss`."""

    def loss(prediction, batch):
        return mean_of_counted((prediction - batch.target) ** 2, batch)

    return loss
