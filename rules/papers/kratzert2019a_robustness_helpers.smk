"""Helpers of the rules of kratzert2019a's robustness."""

# Whose attributes get noise.
PERTURBED = RESOLVED["kratzert2019a"].values["robustness"]["experiment"]


def run_2019a(*experiments):
    """Whether all of some experiments are run."""
    return set(experiments) <= set(RESOLVED["kratzert2019a"].active)


def perturbed_experiment():
    """Return the experiment; end with one sentence if it is not run."""
    return experiment_of("kratzert2019a", PERTURBED)


def perturbed_periods():
    """Return its periods, in one order whatever file they are from."""
    row = perturbed_experiment()
    return row.days() | {"own_start": row.own_start}


def perturbed_member():
    """Return the member whose network is taken: the first, as in the paper."""
    return members_of("kratzert2019a", perturbed_experiment().name)[0]


def perturbed_network():
    """Return the weights of that network."""
    return run_files("kratzert2019a", PERTURBED, perturbed_member(), "model.pt")[0]


def noise_settings():
    """Return whose attributes get which noise."""
    given = RESOLVED["kratzert2019a"].values["robustness"]
    known = {key: given[key] for key in ("experiment", "levels", "draws")}
    return known | {"seed": int(perturbed_member().removeprefix("seed"))}


def noise_minutes():
    """Return minutes to ask for; by windows it takes days, and goes on where it was."""
    return MOST if noise_simulation() == "windows" else MOST // 2


def noise_simulation():
    """Return how it is simulated, by default as the experiment is."""
    given = RESOLVED["kratzert2019a"].values["robustness"]
    return given.get("simulation", perturbed_experiment().simulation)
