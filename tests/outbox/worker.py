"""Delivers until it is killed; run by test_kill.py."""

from pathlib import Path

import django
from django.conf import settings

from tests.forks import fork_on_request

settings.TEMPLATES[0]["DIRS"] = [Path(__file__).with_name("templates")]
django.setup()

from django.utils import timezone  # noqa: E402

from rapport.outbox import kinds  # noqa: E402
from rapport.outbox.actions import deliver_next  # noqa: E402

kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages, urgent=True)
fork_on_request(lambda: deliver_next(at=timezone.now(), limit=5))
