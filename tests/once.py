"""What a worker of the tests makes once instead of for each test: the roles, and the chain of middleware."""

import pytest
from _pytest import runner
from django.conf import Settings, settings
from django.db.models.signals import post_migrate
from django.test.client import ClientHandler

from rapport.access.actions import refresh_roles

ROOM = 33_000  # values: a little more than a quarter of a megabyte, so that Python takes half of one
LOADED = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


def make_roles(sender, **_more):
    """With the tables, and again whenever a test that really commits has emptied them: Django tells of both."""
    if sender.label == "access":
        refresh_roles()


@pytest.fixture(autouse=True, scope="session")
def once():
    """Each browser of a test loads the middleware, which looks through all static files; settings unchanged, once."""
    post_migrate.connect(make_roles)
    plain, kept = ClientHandler.load_middleware, {}

    def load_middleware(self, is_async=False):
        if is_async or type(settings._wrapped) is not Settings:
            return plain(self, is_async)
        if not kept:
            plain(self)
            kept.update((name, getattr(self, name)) for name in LOADED)
        for name, value in kept.items():
            setattr(self, name, value)
        return None

    ClientHandler.load_middleware = load_middleware
    yield
    ClientHandler.load_middleware = plain
    post_migrate.disconnect(make_roles)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Run a test as pytest does, with room on Python's stack below it.

    Python takes memory for its frames by 16 kB, and gives each piece back at once: calls to and fro over such a border
    cost a sixth of the time of a page. One frame that asks for much gets a piece that all calls below it stay in.
    """
    return runner.pytest_runtest_protocol(item, nextitem)


pytest_runtest_protocol.__code__ = pytest_runtest_protocol.__code__.replace(co_stacksize=ROOM)
