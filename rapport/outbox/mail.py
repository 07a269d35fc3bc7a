"""What Django itself sends (sign-in codes, invitations, resets) goes through the outbox, too, and leaves at once."""

import hashlib
import logging

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from rapport.outbox.actions import deliver_next, queue_mail

log = logging.getLogger(__name__)


class OutboxBackend(BaseEmailBackend):
    """Queues each mail; once the cause is committed, tries to deliver. What fails now is tried again by delivery."""

    def send_messages(self, email_messages):
        at = timezone.now()
        for mail in email_messages:
            for address in mail.recipients():
                queue_mail(
                    address=address, subject=one_line(mail.subject), body=mail.body,
                    language=get_language() or settings.LANGUAGE_CODE, key=key(mail, address, at), at=at,
                )  # fmt: skip
        transaction.on_commit(deliver_now, robust=True)
        return len(email_messages)


def deliver_now():
    try:
        deliver_next(at=timezone.now(), limit=5)
    except Exception:
        log.exception("mail waits in the outbox")


def one_line(subject):
    return " ".join(str(subject).split())[:300]


def key(mail, address, at):
    """Two equal mails within the same second are one: a double click."""
    told = f"{address}\n{mail.subject}\n{mail.body}\n{at:%Y-%m-%dT%H:%M:%S}"
    return "mail:" + hashlib.sha256(told.encode()).hexdigest()
