"""Does the long work until it is killed, slowly, so that whoever kills it meets it at it; run by test_long_work.py."""

import time

import django

from tests.forks import fork_on_request

django.setup()

from rapport.imports.actions import work_next  # noqa: E402

fork_on_request(lambda: work_next(tell=lambda _staged: time.sleep(0.05)))
