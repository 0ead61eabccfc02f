"""What a reader returns for one basin."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class BasinSeries:
    """One basin's series on its own continuous calendar.

    Attributes
    ----------
    basin : str
    dates : ndarray of datetime64[D], shape (day,)
    variables : dict of str to float32 ndarray, shape (day,)
        Forcing; units as in `rerunoff.data.store_writer.UNITS`.
    discharge : float32 ndarray, shape (day,)
        mm/d, NaN where missing.
    forcing_md5, streamflow_md5 : str
        Checksums of the source files.
    """

    basin: str
    dates: np.ndarray
    variables: dict
    discharge: np.ndarray
    forcing_md5: str
    streamflow_md5: str
