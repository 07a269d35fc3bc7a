"""Queueing, holding and releasing, links, and handing over."""

from rapport.outbox.actions.delivering import deliver_next
from rapport.outbox.actions.linking import close_links, issue_link
from rapport.outbox.actions.queueing import Outgoing, hold_all, queue, queue_mail, queue_many, release

__all__ = [
    "Outgoing",
    "close_links",
    "deliver_next",
    "hold_all",
    "issue_link",
    "queue",
    "queue_mail",
    "queue_many",
    "release",
]
