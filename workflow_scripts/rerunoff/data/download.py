"""The catalogue of files to download, and how each is downloaded and checked."""

import errno
import logging
import os
import shutil
import urllib.parse
from pathlib import Path

import jsonschema

from rerunoff.data.answers import Expected, Origin
from rerunoff.data.bodies import refuse_cut
from rerunoff.data.network import none_resolves
from rerunoff.data.session import TransferError, make_session
from rerunoff.data.transfer import transfer
from rerunoff.errors import InputError
from rerunoff.files import atomic_path, disk_errors, md5sum, write_text
from rerunoff.yaml_files import read_yaml

SCHEMA = Path(__file__).resolve().parents[3] / "config/schemas/datasets.schema.yaml"
_log = logging.getLogger(__name__)


def load_catalogue(path, schema=SCHEMA):
    """Read and check the catalogue of data sets.

    Parameters
    ----------
    path : str or Path
        A file like `config/datasets.yaml`.
    schema : str or Path
        The JSON Schema it must satisfy.

    Returns
    -------
    dict
        Name -> entry with title, citation, licence, doi, page, mirrors, files and,
        for archives, contents.

    Raises
    ------
    InputError
        If the file is missing, no YAML, or breaks the schema.
    """
    catalogue, rules = read_yaml(path), read_yaml(schema)
    errors = jsonschema.Draft202012Validator(rules).iter_errors(catalogue)
    worst = jsonschema.exceptions.best_match(errors)
    if worst is not None:
        key = ".".join(str(part) for part in worst.absolute_path) or "the whole file"
        why = worst.message if len(worst.message) < 200 else worst.message[-200:]
        raise InputError(f"{path}, {key}: {why}; correct it as {schema} describes.")
    return catalogue


def load_dataset(path, name):
    """Return the entry `name` of the catalogue at `path`, with its name as a key.

    Raises
    ------
    InputError
        If the catalogue is bad or has no such entry.
    """
    catalogue = load_catalogue(path)
    if name not in catalogue:
        known = ", ".join(sorted(catalogue))
        raise InputError(f"{path} has no data set {name!r}; it has {known}.")
    return {"name": name, **catalogue[name]}


def address(template, file):
    """Fill the file's name into a mirror's URL template."""
    return template.replace("{file}", urllib.parse.quote(file))


def check_network(dataset, file, remedy):
    """Raise an `InputError` if not one mirror's name can be looked up.

    Parameters
    ----------
    dataset : dict
        From `load_dataset`.
    file : str
    remedy : str
        What to do without a network; ends the sentence.
    """
    names = none_resolves([address(mirror, file) for mirror in dataset["mirrors"]])
    if names:
        raise InputError(
            f"{file} of {dataset['name']} could not be downloaded, because there is no "
            f"network: no address is known of {', '.join(names)}; {remedy}."
        )


def _by_hand(dataset, destination):
    return (
        f"download it by hand from {dataset['page']} and put it into "
        f"{destination.parent.resolve()} as {destination.name}"
    )


def download(
    dataset, file, destination, partial, md5_file=None, session=None, remedy=None
):
    """Download one file of a data set, from the first mirror that gives it whole.

    Parameters
    ----------
    dataset : dict
        From `load_dataset`.
    file : str
        A name among its `files`.
    destination : str or Path
        Appears complete and checked, or not at all.
    partial : str or Path
        Grows during the transfer and survives a kill; the next call continues it.
    md5_file : str or Path or None
        Keeps the md5 of a file without a published one; `<destination>.md5` if None.
    session : requests.Session or None
        From `make_session`.
    remedy : str or None
        What to do without the file, which ends the sentence; by default, to put it
        there by hand.

    Raises
    ------
    InputError
        If there is no network, no mirror gave the file, or the disk refused it.
    """
    if file not in dataset["files"]:
        raise InputError(
            f"Data set {dataset['name']} of datasets.yaml has no file {file!r}; it has "
            f"{', '.join(dataset['files'])}."
        )
    destination, partial = Path(destination), Path(partial)
    md5_file = Path(md5_file or f"{destination}.md5")
    check = _Check(dataset["files"][file], md5_file)
    remedy = remedy or _by_hand(dataset, destination)
    check_network(dataset, file, remedy)
    session = session or make_session()
    url, digest = _first_whole(dataset, file, remedy, partial, check, session)
    if check.published is None:
        with disk_errors(md5_file):
            write_text(md5_file, f"{digest}  {destination.name}\n")
    _place(partial, destination)
    Origin(partial, url).forget()
    _log.info("%s is complete, md5 %s, from %s", destination, digest, url)


def _first_whole(dataset, file, remedy, partial, check, session):
    """Complete `partial` from the first mirror that can; return its URL and md5."""
    failures = []
    for template in dataset["mirrors"]:
        url = address(template, file)
        _log.info("Downloading %s", url)
        try:
            return url, _fetch(url, file, partial, check, session)
        except TransferError as error:
            _log.warning("%s %s", url, error)
            failures.append(f"{url} {error}")
    raise InputError(
        f"{file} of {dataset['name']} could not be downloaded: {'; '.join(failures)}; "
        f"{remedy}."
    )


class _Check:
    """What is known about a file: `md5` and `size`, each perhaps None."""

    def __init__(self, facts, md5_file):
        self.published = facts["md5"]
        self.size = facts["bytes"]
        self._md5_file = md5_file
        self.md5 = self.published or self._recorded()

    def _recorded(self):
        """Return the md5 of the first download, or None before it."""
        if not self._md5_file.exists():
            return None
        words = self._md5_file.read_text(encoding="utf-8", errors="replace").split()
        if not words or len(words[0]) != 32:
            raise InputError(
                f"{self._md5_file} does not begin with an md5 of 32 digits; delete it "
                "to record the next download's."
            )
        return words[0].lower()

    def digest(self, partial, file):
        """Return the md5 of a complete download.

        Raises
        ------
        TransferError
            If it is not the expected file.
        """
        size = partial.stat().st_size
        if self.size is not None and size != self.size:
            raise TransferError(f"gave {size} bytes where {self.size} are expected")
        if self.md5 is None:
            refuse_cut(partial, file)
        digest = md5sum(partial)
        if self.md5 in (None, digest):
            return digest
        if self.published:
            raise TransferError(
                f"gave a file with md5 {digest} where {self.published} is published: "
                "it is damaged, or another version"
            )
        raise TransferError(
            f"gave a file with md5 {digest}, but {self.md5} was recorded in "
            f"{self._md5_file} on first download: the publisher changed it or it is "
            f"damaged (delete {self._md5_file} to accept the new file)"
        )


def _fetch(url, file, partial, check, session):
    """Complete and check `partial` from one mirror; return its md5.

    What an earlier call left may be of another version of the file. It then gets one
    fresh start, because otherwise a single mirror would never recover.
    """
    while True:
        held = partial.stat().st_size if partial.is_file() else 0
        if check.size is not None and held > check.size:
            partial.unlink()
            held = 0
        if check.md5 is None or check.size is None or held < check.size:
            expected = Expected(check.size, verified=check.md5 is not None)
            transfer(url, file, partial, session, expected)
        try:
            return check.digest(partial, file)
        except TransferError as error:
            partial.unlink()
            if not held:
                raise
            _log.info("Starting over: continuing the earlier part %s", error)


def _place(partial, destination):
    """Move the checked download to where it belongs."""
    with disk_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(partial, destination)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # Another file system: copy, and rename there.
            with atomic_path(destination) as copy:
                shutil.copyfile(partial, copy)
            partial.unlink()
