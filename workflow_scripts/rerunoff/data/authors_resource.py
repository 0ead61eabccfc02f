"""The run folders of the authors' HydroShare resource: listed, in archives, or its bag.

Nothing is known of the resource but its id: it may hold run folders as they are, or
archives of them. Where its files are not listed it is downloaded whole.
"""

import logging
from pathlib import Path

from rerunoff.data.archived_files import Wanted
from rerunoff.data.archives import extract
from rerunoff.data.authors_files import PUBLISHED, RunFolder, find_on_disk
from rerunoff.data.authors_runs import CFG, RUN_FILE, check_size, read_cfg
from rerunoff.data.hydroshare import (
    NoListError,
    by_hand,
    fetch_bag,
    fetch_file,
    list_files,
    plain,
)
from rerunoff.data.session import make_session
from rerunoff.errors import InputError
from rerunoff.progress import watched

_log = logging.getLogger(__name__)
_ARCHIVES = (".zip", ".tar.xz")


def find_published(dataset, folder, partial):
    """Find the run folders of a resource.

    Parameters
    ----------
    dataset : dict
        From `data.download.load_dataset`, with `listing` and `bag`.
    folder : str or Path
        Keeps each cfg.json, and what is unpacked from archives.
    partial : str or Path
        Folder of unfinished downloads.

    Returns
    -------
    dict of str to RunFolder
        By path.

    Raises
    ------
    InputError
        If the resource cannot be read, or holds no run folder.
    """
    folder, partial, session = Path(folder), Path(partial), make_session()
    try:
        files = list_files(dataset, partial / "list.json.part", session)
    except NoListError as error:
        text = "%s %s; the resource is downloaded whole instead"
        _log.warning(text, dataset["listing"], error)
        return _in_bag(dataset, folder, partial, session)

    def fetch(path, destination):
        fetch_file(dataset, path, files[path], destination, partial, session)

    if any(RUN_FILE.fullmatch(path) for path in files):
        return _listed(files, fetch, folder)
    archives = [path for path in files if path.endswith(_ARCHIVES)]
    if not archives:
        raise InputError(
            f"{dataset['listing']} names none of the authors' run folders, but "
            f"{', '.join(sorted(files)[:5]) or 'no file'}; {by_hand(dataset)}."
        )
    return find_on_disk([_unpacked(path, fetch, folder) for path in archives])


def _in_bag(dataset, folder, partial, session):
    """Return the run folders of a bag."""

    def fetch(name, destination):
        fetch_bag(dataset, destination, partial / f"{name}.part", session)

    return find_on_disk([_unpacked("bag.zip", fetch, folder)])


def _listed(files, fetch, folder):
    """Return the run folders of a list; each cfg.json is downloaded."""
    by_folder = {}
    for path in filter(RUN_FILE.fullmatch, files):
        parent, _, name = path.rpartition("/")
        facts = (PUBLISHED, path, files[path]["bytes"], files[path]["md5"] or "")
        by_folder.setdefault(parent, {})[name] = facts
    found = {}
    for name, parts in watched(by_folder.items(), "cfg.json of the run folders"):
        if CFG not in parts:
            _log.warning(
                "%s has no %s, which says what it is, and is left out", name, CFG
            )
            continue
        check_size(*parts[CFG][1:3])
        cfg = folder / "listed" / name / CFG
        if not cfg.is_file():
            fetch(parts[CFG][1], cfg)
        found[name] = RunFolder(read_cfg(cfg), parts)
    return found


def _unpacked(path, fetch, folder):
    """Return the folder with what an archive holds of runs; fetched if need be."""
    target = folder / "unpacked" / plain(path)
    archive = folder / Path(path).name
    if not target.is_dir():
        if not archive.is_file():
            fetch(path, archive)
        extract(archive, _WantedRuns(str(archive)), target)
        archive.unlink()
    return target


class _WantedRuns(Wanted):
    """The files of run folders in an archive."""

    def __init__(self, archive):
        super().__init__(archive, "", None)
        self._pattern = RUN_FILE

    def target(self, archived):
        """Return a file's path, as `Wanted.target` does; refuse one that is too big."""
        target = super().target(archived)
        if target is not None:
            check_size(f"{self.archive}, {target}", archived.size)
        return target

    def require_all(self, targets):
        """Say if there is no run folder, as in an archive of something else."""
        if not targets:
            _log.warning("%s holds none of the authors' run folders", self.archive)
