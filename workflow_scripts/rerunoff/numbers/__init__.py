"""Numbers of ours, with the keys of the published ones."""
