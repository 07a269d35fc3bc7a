"""A process that delivers until it is killed. Run by test_kill.py."""

import sys
import time
from pathlib import Path

import django
from django.conf import settings

settings.TEMPLATES[0]["DIRS"] = [Path(__file__).with_name("templates")]
django.setup()

from django.utils import timezone  # noqa: E402

from rapport.outbox import kinds  # noqa: E402
from rapport.outbox.actions import deliver_next  # noqa: E402

kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages, urgent=True)
print("ready", flush=True)
until = time.monotonic() + float(sys.argv[1])
while time.monotonic() < until:
    if not deliver_next(at=timezone.now(), limit=5):
        time.sleep(0.02)
