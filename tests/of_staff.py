"""Words for staff are English, whoever's press makes them: a task made behind a link must leave its reader's language.

Where this fails, the function that makes the task needs `@override(OF_STAFF)`: else names in it are joined, and words
that participants meet are said, in the language of whoever pressed.
"""

from contextvars import ContextVar

import pytest
from django.utils.translation import override

from rapport.outbox import public
from rapport.tasks.actions import NewTask

DEEP = ContextVar("languages within each other", default=0)
READERS = ContextVar("how deep the reader's own stands", default=None)


@pytest.fixture(autouse=True, scope="session")
def staff_read_english():
    enter, leave, said_in, plain = override.__enter__, override.__exit__, public.said_in, NewTask.__init__

    def deeper(self):
        DEEP.set(DEEP.get() + 1)
        return enter(self)

    def back(self, *error):
        DEEP.set(DEEP.get() - 1)
        return leave(self, *error)

    def in_readers_language(language, view, *args, **kwargs):
        token = READERS.set(DEEP.get() + 1)
        try:
            return said_in(language, view, *args, **kwargs)
        finally:
            READERS.reset(token)

    def made(task, *args, **kwargs):
        plain(task, *args, **kwargs)
        assert DEEP.get() != READERS.get(), f"{task.kind} is made in the language of whoever pressed"

    override.__enter__, override.__exit__, public.said_in = deeper, back, in_readers_language
    NewTask.__init__ = made
    yield
    override.__enter__, override.__exit__, public.said_in = enter, leave, said_in
    NewTask.__init__ = plain
