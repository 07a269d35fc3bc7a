"""What every test stands on."""

import os
import tempfile

os.environ.setdefault("RAPPORT_DIR", tempfile.mkdtemp(prefix="rapport-test-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.settings")
pytest_plugins = ["tests.cast", "tests.trail_flush"]
