"""Snow water equivalent for data that come without any."""

import numpy as np

# mm of melt per day and degree: the middle of what is common for the ground.
_DEGREE_DAY_FACTOR = 3.0


def degree_day_swe(precipitation, temperature):
    """Accumulate snow below 0 °C and melt it above, by degree-days.

    Parameters
    ----------
    precipitation : ndarray, shape (day,)
        mm/d; NaN counts as 0.
    temperature : ndarray, shape (day,)
        Daily mean, °C; on a NaN nothing happens.

    Returns
    -------
    ndarray, shape (day,)
        Snow water equivalent at the end of each day, mm, from 0 on the first morning.

    Notes
    -----
    A temperature-index model with a factor of 3 mm per day and degree; good enough to
    say when there is snow, no statement of how much.
    """
    cold = temperature <= 0
    fall = np.where(cold, np.nan_to_num(precipitation), 0.0)
    melt = np.where(cold, 0.0, _DEGREE_DAY_FACTOR * np.nan_to_num(temperature))
    swe, store = np.empty(len(precipitation)), 0.0
    for day in range(len(swe)):
        store = max(0.0, store + fall[day] - melt[day])
        swe[day] = store
    return swe
