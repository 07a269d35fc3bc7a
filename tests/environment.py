"""The environment of the tests, made before settings are read: a folder of their own, SQLite or a real PostgreSQL.

RAPPORT_TEST_DB=postgres runs on PostgreSQL, RAPPORT_FULL=1 at full figure (`bin/test` sets both).
"""

import atexit
import os
import shutil
import signal
import tempfile
import threading

from tests import postgres

os.environ["RAPPORT_DIR"] = tempfile.mkdtemp(prefix="rapport-test-")
atexit.register(shutil.rmtree, os.environ["RAPPORT_DIR"], ignore_errors=True)
os.environ.setdefault("RAPPORT_ENGINE_WAIT", "60")  # machines that test are busy; who tests waiting says how long
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in the tests' thread
if os.environ.get("RAPPORT_TEST_DB") == "postgres" and not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = postgres.start()  # workers inherit it
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to end takes what it started along
