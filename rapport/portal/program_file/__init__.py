"""A program as a file people can read: checked, made from one, written to one.

A file says the same things as a profile. `profile` names the one it starts from: its rows are taken over, and a row of
the file with the same code replaces one. `complete = true` takes over nothing: the file says everything, as the files
do that `rapport program show` writes.
"""

from rapport.portal.program_file.reading import LARGEST, FileWrong, read, read_bytes
from rapport.portal.program_file.shape import OWN
from rapport.portal.program_file.writing import toml, write

__all__ = ["LARGEST", "OWN", "FileWrong", "read", "read_bytes", "toml", "write"]
