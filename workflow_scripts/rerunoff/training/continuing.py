"""Training that begins with the weights of another experiment's network."""

from rerunoff.errors import InputError
from rerunoff.files import md5sum
from rerunoff.training.run import Run
from rerunoff.training.weights import load_weights


def continue_run(settings, workspace, start, outputs):
    """Train a network for all its epochs, from other weights than drawn ones.

    Parameters
    ----------
    settings : RunSettings
    workspace : Workspace
    start : str or Path
        Weights to begin with. Not their scaling: what a network has learned of
        standardised inputs is of use for others, if these are standardised too.
    outputs : dict
        As for `run.train_run`; the record names the start.

    Raises
    ------
    InputError
        If the data or the start do not fit the settings.
    """
    run = Run(settings, workspace)
    trained = load_weights(start, run.device)
    same = ("model", "inputs", "attributes")
    if any(getattr(trained.settings, k) != getattr(settings, k) for k in same):
        raise InputError(
            f"{start}: another network than {settings.experiment} asks for; delete it "
            "and run again."
        )
    scaler, samples = run.samples(run.days, last=True)
    stage = f"from_{md5sum(start)}"
    history = run.fit(trained.model, samples, settings.training.epochs, stage)
    run.finish(outputs, trained.model, scaler, samples, history, start=str(start))
