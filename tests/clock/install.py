"""Makes a small install in RAPPORT_DIR, as `rapport serve` and `rapport program new` would. Run by a fixture."""

import os
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from rapport.clock.install import make_ready  # noqa: E402
from rapport.programs.actions import make_program, the_organization  # noqa: E402

make_ready()
make_program(
    slug="riverside", name="Riverside mentoring", profile="youth-one-to-one", organization=the_organization(),
    using_since_on=date(2026, 1, 1), by=None, at=timezone.now(),
)  # fmt: skip
