"""What stands in the way of what a run's folder remembers."""

import pytest
from rerunoff.protocol.run_folder import FOLDER_CONFIG, remember


@pytest.mark.parametrize("name", ["config.yaml", "config.previous.yaml"])
def test_folder_in_place_of_a_configuration_is_said(
    tmp_path, monkeypatch, complaint, name
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "results" / name
    path.mkdir(parents=True)
    if name != "config.yaml":
        (tmp_path / FOLDER_CONFIG).write_text("a: 1\n")
    assert complaint(remember, {"a": 2}).startswith(
        f"Cannot write results/{name}: Is a directory; "
    )
