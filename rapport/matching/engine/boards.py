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
        self.locked = dict.fromkeys(((a, b) for a, b in problem.get("locked", ())), False)
        self.room = np.where(self.capacity > 0, 0, board_kernels.NO_ROOM).astype(np.int32)  # where nobody stands

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
        stand = Stand(self, rest, most_moves, self.row_of[mentee_key])
        return stand.rematch(mentee_key, most_moves, now and now["mentor"])

    def stand(self, standing: list[dict], most_moves: int = rematching.MOST) -> "Stand":
        """Who is where, looked at once for all who may be placed next. `standing` as in `rematching.rematch`."""
        return Stand(self, standing, most_moves)


class Moves(NamedTuple):
    """Of every mentee who may move, in order of their mentor and lot: themselves, where they are, what that scores."""

    movers: np.ndarray
    at: np.ndarray
    now: np.ndarray


class Stand:
    """What room others can make at every mentor by moving none, one or two of them, and how. With `row`, only what one
    mentee may ask."""

    def __init__(self, board: Board, standing: list[dict], most_moves: int, row: int | None = None):
        self.board = board
        pairs = {(one["mentee"], one["mentor"]): one["movable"] for one in standing} | board.locked
        self.taken = {a for a, _ in pairs}
        places = [board.column_of.get(b, -1) for _, b in pairs]
        some, times = np.unique(np.array([j for j in places if j >= 0], dtype=np.int64), return_counts=True)
        free = board.capacity[some] - times
        self.rooms = np.full((most_moves + 1, len(board.room)), board_kernels.NO_ROOM, dtype=np.int32)
        self.rooms[0] = board.room
        self.rooms[0, some] = np.where(free > 0, 0, board_kernels.NO_ROOM)
        self.by: list[dict] = []  # of each level: who moves away from a mentor, and to whom
        rows, at = self.able(pairs, places, set(some[free == 0].tolist()))
        if row is not None:
            near = self.near(row, rows, at, most_moves)
            rows, at = rows[near], at[near]
        self.moves = self.in_turn(rows, at)
        for level in range(most_moves):
            self.add_level(level)

    def able(self, pairs, places, full):
        """Who makes room by moving, and where; with several mentors at once nobody is moved."""
        row_of, times = self.board.row_of, Counter(a for a, _ in pairs) if len(self.taken) < len(pairs) else {}
        found = [
            (row_of[a], j)
            for ((a, _), movable), j in zip(pairs.items(), places, strict=True)
            if movable and j in full and times.get(a, 1) == 1 and a in row_of
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 2).T

    def near(self, row, rows, at, most_moves):
        """Which of them one mentee may ask, or somebody who may be asked."""
        spans, found, asking = self.board.columns.spans, np.zeros(len(at), dtype=bool), {row}
        for _ in range(most_moves):
            for a, b, c, d in set(map(tuple, spans[list(asking)].tolist())):
                found |= ((at >= a) & (at < b)) | ((at >= c) & (at < d))
            asking = set(rows[found].tolist())
        return found

    def in_turn(self, rows, at):
        board = self.board
        turn = lots.order_of([board.ready.mentees[n] for n in rows.tolist()], board.people.problem["seed"])
        by = np.array(turn, dtype=np.int64)[np.argsort(at[turn], kind="stable")] if turn else np.zeros(0, np.int64)
        rows, at = rows[by], at[by]
        now = kernels.scores_of(rows, at, board.columns).astype(np.int64)
        for n in np.flatnonzero(now < kernels.LOWEST).tolist():  # together though a rule forbids it
            now[n] = board.people.pair(board.ready.mentees[rows[n]], board.ready.mentors[at[n]])["score"]
        return Moves(rows, at, now)

    def add_level(self, level):
        """One move more: at each full mentor whoever brings most by moving on, the first by lot among equals."""
        movers, at, now = self.moves
        totals, to = self.best_moves(level)
        some = np.flatnonzero(to >= 0)
        gains = totals - now
        some = some[np.lexsort((-gains[some], at[some]))]
        first = some[np.diff(at[some], prepend=-1) != 0]
        self.rooms[level + 1, at[first]] = gains[first]
        moves = zip(movers[first].tolist(), to[first].tolist(), strict=True)
        self.by.append(dict(zip(at[first].tolist(), moves, strict=True)))

    def best_moves(self, level):
        """Of each mover the best score and room elsewhere, and where. Only who makes room by moving is looked at once
        more, so that nearly every pair is scored once."""
        board, (movers, at, _) = self.board, self.moves
        totals, to = np.empty(len(movers), np.int64), np.full(len(movers), -1)
        if level == 0:
            board_kernels.best_moves(movers, at, board.columns, board.least, self.rooms[0], board.lots, totals, to)
        elif self.by[-1]:
            some = np.array(list(self.by[-1]), dtype=np.int64)
            own = np.searchsorted(some, at)
            own[some[np.minimum(own, len(some) - 1)] != at] = -1
            part, each = columns.part_of(board.columns, movers, some), np.arange(len(movers))
            room = self.rooms[level, some]
            board_kernels.best_moves(each, own, part, board.least, room, board.lots[some], totals, to)
            to[to >= 0] = some[to[to >= 0]]
        return totals, to

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
        rooms, row = self.rooms[:levels], board.row_of[mentee_key]
        board_kernels.best_rooms(row, board.columns, board.least, at, rooms, board.lots, totals, found)
        best = zip(totals.tolist(), found.tolist(), strict=True)
        told = [self.told(mentee_key, level, gain - was, j) for level, (gain, j) in enumerate(best) if j >= 0]
        return [one | {"served": int(leaves is None)} for one in told]

    def told(self, mentee_key, level, gain, j):
        moved, at = [], j
        for by in reversed(self.by[:level]):
            mover, to = by[at]
            moved.append([self.board.ready.mentees[mover]["key"], self.key(at), self.key(to)])
            at = to
        pairs = [[mentee_key, self.key(j)], *([a, to] for a, _, to in moved)]
        return {"moves": level, "gain": gain, "served": 1, "pairs": pairs, "moved": moved}

    def key(self, j):
        return self.board.ready.mentors[j]["key"]
