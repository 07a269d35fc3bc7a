"""A problem compiled once for many questions about single mentees, each answered in about a millisecond.

The answers are those of `ranking.top` and `rematching.rematch`, to the last tie.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import board_kernels, columns, kernels, lots, ranking, rematching
from rapport.matching.engine.plain import People
from rapport.matching.engine.preparing import prepare


class Board:
    """People as columns, and by their keys."""

    def __init__(self, problem: dict):
        self.ready = prepare(problem)
        self.people = People(problem, self.ready.neutral)
        self.row_of = {one["key"]: n for n, one in enumerate(self.ready.mentees)}
        self.column_of = {one["key"]: n for n, one in enumerate(self.ready.mentors)}
        self.lots = np.array([self.people.place_of[one["key"]] for one in self.ready.mentors], dtype=np.int64)
        self.capacity = np.array([one["capacity"] for one in self.ready.mentors], dtype=np.int64)
        self.columns, self.least = self.ready.problem.columns, self.ready.problem.least

    def top(self, mentee_key: str, n: int = 20) -> list[dict]:
        """See `ranking.top`."""
        mentee = self.people.mentee(mentee_key)
        n = min(n, len(self.lots))
        keys, found = np.empty(n, np.int64), np.empty(n, np.int64)
        places, row = self.ready.problem.places, self.row_of[mentee_key]
        many = board_kernels.best_of(row, self.columns, self.least, places, self.lots, n, keys, found) if n else 0
        best = found[:many][np.argsort(-keys[:many])]
        mentors = [self.ready.mentors[j] for j in best.tolist()]
        return ranking.told(self.people, mentee, mentors, columns.alike(self.columns, row, best))

    def rematch(self, standing: list[dict], mentee_key: str, most_moves: int = rematching.MOST) -> list[dict]:
        """See `rematching.rematch`."""
        self.people.mentee(mentee_key)
        now = rematching.own_of(self.people, standing, mentee_key)
        rest = [one for one in standing if one["mentee"] != mentee_key]
        return self.stand(rest, most_moves).rematch(mentee_key, most_moves, now and now["mentor"])

    def stand(self, standing: list[dict], most_moves: int = rematching.MOST) -> "Stand":
        """Who is where, looked at once for all who may be placed next. `standing` as in `rematching.rematch`."""
        return Stand(self, standing, most_moves)


class Moves(NamedTuple):
    """Of every mentee who may move, in order of their mentor and lot: themselves, where they are, what that scores."""

    movers: np.ndarray
    at: np.ndarray
    now: np.ndarray


class Stand:
    """What room others can make at every mentor by moving none, one or two of them, and how."""

    def __init__(self, board: Board, standing: list[dict], most_moves: int):
        self.board = board
        locked = {(a, b) for a, b in board.people.problem.get("locked", ())}
        self.taken = {one["mentee"] for one in standing} | {a for a, _ in locked}
        pairs = {(one["mentee"], one["mentor"]): one["movable"] for one in standing} | dict.fromkeys(locked, False)
        at = np.array([board.column_of[b] for _, b in pairs if b in board.column_of], dtype=np.int64)
        free = board.capacity - np.bincount(at, minlength=len(board.capacity))
        self.moves = self.moves_of(pairs)
        self.full = free == 0
        self.rooms = [np.where(free > 0, 0, board_kernels.NO_ROOM).astype(np.int32)]
        self.by: list[np.ndarray] = []  # of each level: who moves away from a mentor, and to whom
        for _ in range(most_moves):
            self.add_level()
        self.stacked = np.stack(self.rooms)

    def moves_of(self, pairs):
        """Who may move; with several mentors at once nobody is moved."""
        board, times = self.board, Counter(a for a, _ in pairs)
        movers = [(a, b) for (a, b), movable in pairs.items() if movable and times[a] == 1]
        movers = [(a, b) for a, b in movers if a in board.row_of and b in board.column_of]
        people = lots.in_order([board.people.mentees[a] for a, _ in movers], board.people.problem["seed"])
        mentor_of = dict(movers)
        rows = np.array([board.row_of[one["key"]] for one in people], dtype=np.int64)
        at = np.array([board.column_of[mentor_of[one["key"]]] for one in people], dtype=np.int64)
        now = kernels.scores_of(rows, at, board.columns).astype(np.int64)
        for n in np.flatnonzero(now < kernels.LOWEST).tolist():  # together though a rule forbids it
            now[n] = board.people.pair(people[n], board.ready.mentors[at[n]])["score"]
        by = np.argsort(at, kind="stable")
        return Moves(rows[by], at[by], now[by])

    def add_level(self):
        """One move more: at each full mentor whoever brings most by moving on, the first by lot among equals."""
        board, (movers, at, now) = self.board, self.moves
        totals, to = np.empty(len(movers), np.int64), np.empty(len(movers), np.int64)
        board_kernels.best_moves(movers, at, board.columns, board.least, self.rooms[-1], board.lots, totals, to)
        gains = totals - now
        room, by = np.full(len(self.full), board_kernels.NO_ROOM), np.full((len(self.full), 2), -1)
        for n in np.flatnonzero((to >= 0) & self.full[at]).tolist():
            if by[at[n], 0] < 0 or gains[n] > room[at[n]]:
                room[at[n]], by[at[n]] = gains[n], (movers[n], to[n])
        self.rooms.append(room.astype(np.int32))
        self.by.append(by)

    def rematch(self, mentee_key: str, most_moves: int = rematching.MOST, leaves: str | None = None) -> list[dict]:
        """See `rematching.rematch`, of a mentee who is not in `standing`; `leaves`: the mentor of theirs so far."""
        mentee = self.board.people.mentee(mentee_key)
        if mentee_key in self.taken:
            raise ValueError("the mentee stands with somebody and may not be moved")
        board, levels, at, was = self.board, most_moves + 1, -1, 0
        if leaves in board.column_of:
            at = board.column_of[leaves]
            was = board.people.pair(mentee, board.ready.mentors[at])["score"]
        totals, found = np.empty(levels, np.int64), np.empty(levels, np.int64)
        rooms, row = self.stacked[:levels], board.row_of[mentee_key]
        board_kernels.best_rooms(row, board.columns, board.least, at, rooms, board.lots, totals, found)
        best = zip(totals.tolist(), found.tolist(), strict=True)
        told = [self.told(mentee_key, level, gain - was, j) for level, (gain, j) in enumerate(best) if j >= 0]
        return [one | {"served": int(leaves is None)} for one in told]

    def told(self, mentee_key, level, gain, j):
        moved, at = [], j
        for by in reversed(self.by[:level]):
            mover, to = by[at].tolist()
            moved.append([self.board.ready.mentees[mover]["key"], self.key(at), self.key(to)])
            at = to
        pairs = [[mentee_key, self.key(j)], *([a, to] for a, _, to in moved)]
        return {"moves": level, "gain": gain, "served": 1, "pairs": pairs, "moved": moved}

    def key(self, j):
        return self.board.ready.mentors[j]["key"]
