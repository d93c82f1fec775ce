"""Output that somebody may stop reading."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """Write to standard output; end quietly, with status 1, when its reader has seen enough.

    Put nothing in it that writes to anything else.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would flush the pipe once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
