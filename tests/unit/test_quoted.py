"""Names of folders that a shell may read."""

import pytest
from rerunoff.protocol.run_folder import check_quoted


@pytest.mark.parametrize("character", ["$", "`", '"', "'", "\\"])
def test_folder_that_a_shell_would_read_is_refused(complaint, character):
    check_quoted(["/home/folder of basins (1)", ""])
    assert complaint(check_quoted, ["/home", f"/runs/a{character}b"]) == (
        f"The folder /runs/a{character}b has the character {character} in its name, "
        "which --use-conda hands to a shell; name another folder."
    )
