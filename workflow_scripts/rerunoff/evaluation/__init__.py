"""Simulation, metrics, ensembles and their summaries over basins."""
