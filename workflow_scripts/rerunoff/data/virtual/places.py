"""Where virtual catchments lie and what they are made of: their static attributes."""

import numpy as np
import pandas as pd

# Rough regional means, chosen by hand so that the 18 hydrologic regions differ as the
# real ones do: latitude, longitude, elevation (m), precipitation (mm/d), its summer
# surplus (relative amplitude; negative is winter rain), warmth against a line through
# latitude and elevation (°C), half annual temperature range (°C), slope (m/km).
_REGIONS = {
    "01": (44.5, -70.5, 250, 3.3, 0.05, 0.0, 14.0, 25),
    "02": (40.5, -76.5, 300, 3.1, 0.10, 0.0, 13.0, 30),
    "03": (33.0, -83.5, 150, 3.8, 0.00, 0.0, 10.0, 12),
    "04": (43.5, -84.0, 280, 2.5, 0.20, 0.0, 14.0, 10),
    "05": (39.0, -83.5, 300, 3.2, 0.10, 0.0, 13.0, 20),
    "06": (35.8, -84.0, 500, 3.9, -0.10, 1.0, 11.5, 60),
    "07": (42.0, -91.0, 300, 2.5, 0.50, 0.0, 16.0, 8),
    "08": (33.0, -91.0, 60, 3.9, -0.15, 0.0, 10.5, 6),
    "09": (47.5, -97.0, 350, 1.5, 0.65, 0.0, 18.0, 4),
    "10": (43.0, -105.0, 1700, 1.7, 0.45, 4.5, 13.5, 50),
    "11": (36.5, -96.0, 350, 2.5, 0.40, 1.0, 13.0, 15),
    "12": (31.0, -97.5, 250, 2.2, 0.15, 1.0, 11.0, 12),
    "13": (35.0, -105.5, 2200, 1.5, 0.40, 2.5, 11.5, 70),
    "14": (39.5, -107.5, 2600, 2.0, -0.05, 0.5, 12.5, 110),
    "15": (33.5, -111.0, 1300, 1.1, -0.10, 5.0, 10.5, 80),
    "16": (39.5, -114.0, 2000, 1.6, -0.40, 1.5, 12.0, 90),
    "17": (46.0, -121.0, 700, 4.8, -0.80, 5.0, 8.5, 90),
    "18": (38.5, -121.5, 700, 2.7, -1.10, 4.0, 7.5, 70),
}
# The regions one network each was trained for in Kratzert et al. (2018) come often
# enough that even sixteen catchments hold three of each.
_OFTEN = ("01", "03", "11", "17")
# The most different first; a string is easier to read than fourteen quoted ones.
_OTHERS = tuple("15,14,10,18,02,07,05,06,16,13,12,04,08,09".split(","))  # noqa: SIM905
# Class: mean log10 permeability (m²) and porosity, after GLHYMPS (Gleeson et al. 2014).
_ROCKS = {
    "Siliciclastic sedimentary rocks": (-14.6, 0.17),
    "Unconsolidated sediments": (-12.4, 0.22),
    "Metamorphics": (-14.3, 0.03),
    "Carbonate sedimentary rocks": (-11.9, 0.06),
    "Acid plutonic rocks": (-14.1, 0.02),
    "Basic volcanic rocks": (-12.6, 0.09),
    "Mixed sedimentary rocks": (-15.2, 0.13),
}
_COMMONNESS = (0.32, 0.20, 0.15, 0.15, 0.07, 0.06, 0.05)
_MAX_PER_REGION = 9999


def random(seed, basin_id, stream):
    """Return the generator of one basin's one purpose.

    Parameters
    ----------
    seed : int
    basin_id : str
        All digits.
    stream : int
        0 place, 1 weather, 2 discharge noise, 3-5 forcing families, 6 gaps, 100-200
        errors of the benchmark model. Separate streams keep a basin's series the
        same whatever else is generated.

    Returns
    -------
    numpy.random.Generator
    """
    return np.random.default_rng([seed, int(basin_id), stream])


def basin_ids(number):
    """Return `number` ids: 99, the region's two digits, a running number.

    No USGS gauge number starts with 99. More catchments never rename earlier ones.
    """
    counts = dict.fromkeys(_REGIONS, 0)
    ids = []
    other = 0
    while len(ids) < number:
        block = [*_OFTEN, *(_OTHERS[(other + i) % len(_OTHERS)] for i in (0, 1))]
        other += 2
        for huc in block[: number - len(ids)]:
            counts[huc] += 1
            ids.append(f"99{huc}{counts[huc]:04d}")
    if max(counts.values(), default=0) > _MAX_PER_REGION:
        raise ValueError("too many catchments for eight-digit ids")
    return ids


def describe(ids, seed):
    """Draw the static attributes and the climate of every basin.

    Parameters
    ----------
    ids : list of str
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row per id: the columns of the CAMELS tables name, topo, soil, vege and
        geol (Addor et al. 2017, Tables 1, 4-6; their units), and in columns with a
        leading underscore what only the generator knows.
    """
    rows = []
    for basin_id in ids:
        rng = random(seed, basin_id, 0)
        place = _location(basin_id, rng)
        _climate(place, rng)
        _soil(place, rng)
        _vegetation(place, rng)
        _geology(place, rng)
        rows.append(place)
    return pd.DataFrame(rows, index=pd.Index(ids, name="gauge_id"))


def _location(basin_id, rng):
    huc = basin_id[2:4]
    lat, lon, elevation, *_, slope = _REGIONS[huc]
    # Below 2000 km² and with areas that agree, so that no published screening of
    # basins (Newman et al. 2017) would drop one.
    area = float(np.clip(330 * np.exp(0.9 * rng.normal()), 15, 1900))
    height = float(np.clip(elevation * np.exp(0.35 * rng.normal()), 10, 3500))
    steep = float(np.clip(slope * np.exp(0.6 * rng.normal()), 0.9, 250))
    number = int(basin_id[4:])
    return {
        "huc_02": huc,
        "gauge_name": f"Virtual River {number} in region {huc}, no real catchment",
        "gauge_lat": round(lat + 1.2 * rng.uniform(-1, 1), 5),
        "gauge_lon": round(lon + 1.8 * rng.uniform(-1, 1), 5),
        "elev_mean": round(height, 2),
        "slope_mean": round(steep, 5),
        "area_gages2": round(area, 2),
        "area_geospa_fabric": round(area * (1 + 0.02 * rng.uniform(-1, 1)), 2),
        # The forcing header's own area, m²: a third estimate, as in the real files.
        "_area_m2": int(area * 1e6 * (1 + 0.02 * rng.uniform(-1, 1))),
    }


def _climate(place, rng):
    _, _, elevation, rain, summer, warmth, swing, _ = _REGIONS[place["huc_02"]]
    height = (place["elev_mean"] - elevation) / 1000
    line = 22 - 0.88 * (place["gauge_lat"] - 27) - 5.5 * place["elev_mean"] / 1000
    temperature = line + warmth + 0.5 * rng.normal()
    rain *= np.exp(0.25 * height + 0.18 * rng.normal())
    demand = max(1.5 + 0.11 * temperature, 0.7)
    place["_p_mean"] = rain
    place["_p_summer"] = summer + 0.08 * rng.normal()
    place["_t_mean"] = temperature
    place["_t_swing"] = swing * np.exp(0.05 * rng.normal())
    place["_dryness"] = demand / rain
    wet = 0.16 + 0.075 * rain - 0.03 * max(demand / rain - 1, 0)
    place["_wet_share"] = float(np.clip(wet + 0.02 * rng.normal(), 0.10, 0.55))


def _soil(place, rng):
    slope = place["slope_mean"]
    other = 40 * slope / (slope + 80) * rng.uniform(0, 1)
    weights = np.exp(np.array([0.6, 0.5, 0.0]) + 0.5 * rng.normal(size=3))
    sand, silt, clay = (100 - other) * weights / weights.sum()
    # Cosby et al. (1984), the pedotransfer functions that CAMELS uses.
    porosity = (50.5 - 0.142 * sand - 0.037 * clay) / 100
    conductivity = 2.54 * 10 ** (-0.6 + 0.0126 * sand - 0.0064 * clay)
    depth = np.clip(1.5 - slope / (slope + 60) * rng.uniform(0.2, 1.1), 0.4, 1.5)
    bedrock = 45 * np.exp(-slope / 9) + 0.9 * np.exp(0.4 * rng.normal())
    hold = porosity * depth * (1 - other / 100) * rng.uniform(0.75, 1.1)
    place.update(
        soil_depth_pelletier=float(np.clip(bedrock, 0.27, 50)),
        soil_depth_statsgo=float(depth),
        soil_porosity=porosity,
        soil_conductivity=conductivity,
        max_water_content=float(hold),
        sand_frac=sand,
        silt_frac=silt,
        clay_frac=clay,
        water_frac=0.0,
        organic_frac=0.0,
        other_frac=other,
    )


def _vegetation(place, rng):
    logit = 1.8 - 2.6 * (place["_dryness"] - 0.8) + 1.4 * rng.normal()
    forest = 1 / (1 + np.exp(-logit))
    leaves = float(np.clip(0.5 + 4.4 * forest + 0.35 * rng.normal(), 0.37, 5.6))
    # Rain in winter goes with evergreen needles, which keep their leaf area.
    evergreen = 0.8 if place["_p_summer"] < -0.3 else 0.25
    change = leaves * float(np.clip(0.85 - 0.5 * evergreen + 0.08 * rng.normal(), 0, 1))
    green = 0.2 + 0.72 * (1 - np.exp(-leaves / 1.8))
    cover = _land_cover(forest, evergreen, place["_dryness"])
    place.update(
        frac_forest=round(forest, 4),
        lai_max=leaves,
        lai_diff=change,
        gvf_max=green,
        gvf_diff=min(0.05 + 0.1 * change, 0.9 * green),
        dom_land_cover_frac=float(rng.uniform(0.4, 1)),
        dom_land_cover=cover,
        root_depth_50=0.12 + 0.1 * forest,
        root_depth_99=1.5 + 0.8 * forest,
    )
    if rng.uniform() < 0.15:
        place["root_depth_50"] = place["root_depth_99"] = np.nan


def _land_cover(forest, evergreen, dryness):
    if forest > 0.6:
        name = "Evergreen Needleleaf Forest" if evergreen > 0.5 else "Mixed Forests"
    elif forest > 0.35:
        name = "Woody Savannas"
    elif dryness > 2:
        name = "Open Shrublands"
    else:
        name = "Grasslands"
    return "    " + name  # the published table has these four blanks


def _geology(place, rng):
    first, second = rng.choice(len(_ROCKS), size=2, replace=False, p=_COMMONNESS)
    names = list(_ROCKS)
    share = float(rng.uniform(0.5, 0.95))
    alone = rng.uniform() < 0.25
    shares = (1.0, 0.0) if alone else (share, (1 - share) * 0.9)
    rocks = {names[first]: shares[0], names[second]: shares[1]}
    total = sum(shares)
    means = [
        sum(part * _ROCKS[name][i] for name, part in rocks.items()) / total
        for i in (0, 1)
    ]
    place.update(
        geol_1st_class=names[first],
        glim_1st_class_frac=shares[0],
        geol_2nd_class=None if alone else names[second],
        glim_2nd_class_frac=shares[1],
        carbonate_rocks_frac=rocks.get("Carbonate sedimentary rocks", 0.0),
        geol_porostiy=np.nan if rng.uniform() < 0.02 else round(means[1], 4),
        geol_permeability=round(means[0] + 0.3 * rng.normal(), 4),
    )
