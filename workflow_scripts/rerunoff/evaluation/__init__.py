"""Simulation, metrics, ensembles and their summaries over basins."""

# The name of the mean over members, beside the names of members.
ENSEMBLE = "ensemble"
