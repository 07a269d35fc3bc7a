"""What becomes of messages and links of somebody whose two records are put together."""

from rapport.core.joining import moves

TABLE = {
    "outbox.message.to": moves("what waits is judged at delivery for the kept person; what was sent stays as it was"),
    "outbox.message.about": moves("about the kept record"),
    "outbox.link.person": moves("every link opens for the kept person what it opened"),
    "outbox.link.about": moves("about the kept record"),
}
