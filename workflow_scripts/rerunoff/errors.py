"""The one exception whose text is meant for the user."""


class InputError(Exception):
    """Bad input: one sentence that names the file, the line or key, and the remedy.

    Scripts end on it with the sentence and a non-zero exit, without a traceback.
    """
