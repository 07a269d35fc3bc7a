"""How the kernels are compiled: once, kept beside the code, and again only where that place cannot be written.

`bin/setup` compiles them ahead (`python -m rapport.matching.engine --warm`). Numba looks for a place beside the code,
then in the home of whoever runs it; where neither can be written, they are compiled in memory for this one process.
"""

import numba
from numba import types
from numba.extending import intrinsic


def compiled(function):
    """This function as machine code that lets other threads run."""
    return kept(function)


def inner(function):
    """The same, of a part of other kernels that makes no array: nobody counts there who holds which array.

    Numba does not document `_nrt`. Without it answers are the same, and a solve of 1 000 to 5 000 mentees takes a tenth
    to a fifth longer: should a later Numba refuse it, leave it out.
    """
    return kept(function, _nrt=False)


def kept(function, **more):
    try:
        return numba.njit(cache=True, nogil=True, **more)(function)
    except RuntimeError:  # no place to keep it
        return numba.njit(nogil=True, **more)(function)


@intrinsic
def ones(_context, word):
    """How many bits of a word are set: one instruction where the machine has one."""

    def code(_context, builder, _signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), code
