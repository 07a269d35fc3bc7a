"""Every write about who signs in: users and their sessions, roles, and letting somebody in who lost their phone."""

from rapport.access.actions.drafts import forget_drafts, keep_draft, throw_away
from rapport.access.actions.letting_in import come_in, give_way_in, is_way_in
from rapport.access.actions.users import (
    AddressTaken,
    add_user,
    end_access,
    end_sessions,
    let_in_again,
    refresh_roles,
)

__all__ = [
    "AddressTaken",
    "add_user",
    "come_in",
    "end_access",
    "end_sessions",
    "forget_drafts",
    "give_way_in",
    "is_way_in",
    "keep_draft",
    "let_in_again",
    "refresh_roles",
    "throw_away",
]
