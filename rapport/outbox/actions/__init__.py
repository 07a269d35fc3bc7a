"""Queueing, holding and releasing, links, and handing over."""

from rapport.outbox.actions.astray import somebody_else_reads
from rapport.outbox.actions.delivering import deliver_next
from rapport.outbox.actions.linking import close_links, issue_link
from rapport.outbox.actions.queueing import Outgoing, hold_all, queue, queue_mail, queue_many
from rapport.outbox.actions.quiet import (
    NobodyLooked,
    ReadOneByOne,
    begin_quiet,
    end_quiet,
    hold_kind_again,
    let_kind_go,
    release,
    release_all,
)

__all__ = [
    "NobodyLooked",
    "Outgoing",
    "ReadOneByOne",
    "begin_quiet",
    "close_links",
    "deliver_next",
    "end_quiet",
    "hold_all",
    "hold_kind_again",
    "issue_link",
    "let_kind_go",
    "queue",
    "queue_mail",
    "queue_many",
    "release",
    "release_all",
    "somebody_else_reads",
]
