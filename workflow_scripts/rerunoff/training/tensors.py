"""Files of tensors: whole or not at all, and the same bytes for the same values."""

import io

import torch

from rerunoff.seals import append_seal


def write_tensors(part, content):
    """Write plain tensors, lists and dicts, with a checksum, in the form of torch.save.

    Parameters
    ----------
    part : Path
        From `files.atomic_path`.
    content : dict
    """
    # Given a path, torch.save names a folder in the file after it, process id and all,
    # and its words on a full disk do not say that it is full.
    buffer = io.BytesIO()
    torch.save(content, buffer)
    part.write_bytes(buffer.getvalue())
    append_seal(part)
