"""kratzert2019a: cumulative distribution of NSE beside models of others.

Benchmarks calibrated basin by basin, and the bounds of HBV.
"""

from rerunoff.figures.kratzert2019a.benchmark_cdf import draw

__all__ = ["draw"]
