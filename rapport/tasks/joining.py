"""What becomes of tasks about somebody whose two records are put together."""

from rapport.core.joining import moves

TABLE = {
    "tasks.task.person": moves("the same call, to the kept person; owner, day and level stay"),
    "tasks.task.about": moves("about the kept record"),
}
