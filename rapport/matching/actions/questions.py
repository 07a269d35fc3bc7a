"""Questions to the engine that take longer than a page may: handed over, answered by the long work, thrown away."""

import hashlib
import zlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rapport.matching.calling import NoAnswer, answer_of
from rapport.matching.models import Question

SPARE = timedelta(minutes=1)  # of the machine's time, beyond what the engine may take
TRIES = 2  # what ended a process twice is not tried again
KEPT = timedelta(minutes=30)  # as long as somebody works with one answer
State = Question.State


def key_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def hand_over(text, *, program, path, by, at) -> Question:
    """Let the long work answer this question (as the engine is asked it, as JSON). Asked twice it is one."""
    facts = {"program": program, "path": path, "asked_at": at, "problem": zlib.compress(text.encode())}
    return Question.objects.get_or_create(by=by, key=key_of(text), defaults=facts)[0]


@transaction.atomic
def ask_again(question) -> None:
    """What took too long is forgotten, so that its page asks anew."""
    Question.objects.filter(pk=question.pk, state=State.FAILED).delete()


def answer_next() -> int:
    """Answer the next question that waits. Returns how many it took; 0 when none is left."""
    for question in Question.objects.free().order_by("pk")[:1]:
        if take(question):
            work_out(question)
        return 1
    return 0


def take(question) -> bool:
    """Become the one who works on it."""
    until = timezone.now() + timedelta(seconds=settings.ENGINE_LIMIT) + SPARE
    if not Question.objects.free().filter(pk=question.pk).update(lease_until=until, tries=F("tries") + 1):
        return False
    question.refresh_from_db()
    if question.tries > TRIES:
        settle(question, State.FAILED)
        return False
    return True


def work_out(question) -> None:
    """Ask the engine, which is ended at its limit. What it cannot answer is said so on the page; why, in the log."""
    try:
        found = answer_of(zlib.decompress(bytes(question.problem)).decode(), settings.ENGINE_LIMIT)
    except NoAnswer:
        settle(question, State.FAILED)
    else:
        settle(question, State.DONE, found)


def settle(question, state, answer=None) -> None:
    """Once, and what it was asked about is kept no longer."""
    done = {"state": state, "answer": answer, "problem": None, "lease_until": None}
    Question.objects.waiting().filter(pk=question.pk).update(**done)


@transaction.atomic
def forget_questions(*, at, limit) -> int:
    """The clock throws questions away, answered or not. Returns how many."""
    old = list(
        Question.objects.filter(asked_at__lt=at - KEPT).order_by("asked_at").values_list("pk", flat=True)[:limit]
    )
    Question.objects.filter(pk__in=old).delete()
    return len(old)
