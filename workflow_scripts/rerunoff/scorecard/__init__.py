"""Published numbers against ours."""
