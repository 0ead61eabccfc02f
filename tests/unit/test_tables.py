"""Numbers come out of a text as they are written, to the last bit."""

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.text_tables import read_separated, read_table
from rerunoff.tables import read_checked, write_table


@pytest.fixture
def table():
    # Of random numbers every third is one bit off where pandas 3.0 reads fast.
    return pd.DataFrame(np.random.default_rng(1).random((1000, 2)), columns=["a", "b"])


def test_a_table_of_ours_is_read_as_it_was_written(table, tmp_path):
    write_table(table, tmp_path / "table.csv")
    pd.testing.assert_frame_equal(
        read_checked(tmp_path / "table.csv", "table"), table, check_exact=True
    )


@pytest.mark.parametrize(
    ("separator", "read"),
    [
        (" ", lambda path: read_table(path, ["a", "b"], 1)),
        (",", lambda path: read_separated(path, ",", {"a": float, "b": float})),
    ],
)
def test_a_publishers_table_is_read_as_it_is_printed(table, tmp_path, separator, read):
    table.to_csv(tmp_path / "table", sep=separator, index=False)
    pd.testing.assert_frame_equal(read(tmp_path / "table"), table, check_exact=True)
