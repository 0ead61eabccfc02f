"""rerunoff: the LSTM rainfall-runoff papers, from raw data to scorecard.

The sub-packages follow the stages of the workflow, left to right:
data, models, training, evaluation, analysis, figures, scorecard.
A module imports from stages left of its own, never from the right.
"""

__version__ = "0.1.0"
