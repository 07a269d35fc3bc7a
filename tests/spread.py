"""How tests are spread over workers (`-n 2`): one worker gets all of a file whose tests share something dear to build.

What takes longest begins first, so that no worker is left alone with it at the end.
"""

import pytest

TOGETHER = ("tests/demo/test_demo.py", "tests/test_doors.py", "tests/test_bad_input.py")
LONG = (
    *TOGETHER,
    "tests/test_every_page.py",
    "tests/walks/",
    "tests/safeguarding/test_nothing_shows.py",
    "tests/clock/test_serve.py",
    "tests/outbox/test_kill.py",
    "tests/care/test_levels.py",
)


@pytest.hookimpl(trylast=True)  # after all others have put them in their order
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Spread(LoadScopeScheduling):
        """Files of TOGETHER whole, all other tests one by one."""

        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return file if file in TOGETHER else nodeid

    return Spread(config, log)
