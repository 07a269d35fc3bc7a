"""Where the time of a run goes: seconds of the processor by folder, and the tests that take most of them.

Seconds of the processor, not of the clock on the wall: they are nearly the same on a busy machine. Processes that a
test starts count when they have ended; the server of PostgreSQL does not.
"""

import resource
from collections import Counter

import pytest

from tests import warm

SPENT = pytest.StashKey[Counter]()  # seconds by test
MOST = 10


def now():
    own, started = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + started.ru_utime + started.ru_stime + sum(warm.SPENT)


def pytest_configure(config):
    config.stash[SPENT] = Counter()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    begun = now()
    try:
        return (yield)
    finally:
        item.config.stash[SPENT][item.nodeid] += now() - begun


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash[SPENT].update(getattr(node, "workeroutput", {}).get("spent", {}))


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["spent"] = dict(session.config.stash[SPENT])


def pytest_terminal_summary(terminalreporter, config):
    spent = config.stash[SPENT]
    if len(spent) <= MOST or config.option.verbose < 0:
        return
    folders = Counter()
    for test, seconds in spent.items():
        folders[folder_of(test)] += seconds
    said = ", ".join(f"{folder} {seconds:.0f}" for folder, seconds in folders.most_common() if seconds >= 1)
    terminalreporter.write_line(f"SPENT {spent.total():.0f} s of the processor: {said}")
    for test, seconds in spent.most_common(MOST):
        terminalreporter.write_line(f"SPENT {seconds:6.1f} s {test}")


def folder_of(test):
    """The folder below `tests`, or the file that lies there itself."""
    return test.partition("::")[0].split("/")[1]
