"""Verifies an answer in whole numbers, without knowing how it was found (weak duality of linear programs).

A pair is worth its score plus a bonus so large that one more pair always beats better pairs. Prices that cover the
worth of every allowed pair, and together cost exactly what the chosen pairs are worth, leave nothing better to find.
"""


class NotProven(Exception):
    """This answer breaks a rule, or its prices do not prove it."""


def bonus(scores, capacities):
    """More than all scores of any matching together: what one more pair is worth before its own score."""
    return 1 + min(len(scores), sum(capacities)) * max((max(row, default=0) for row in scores), default=0)


def check(scores, allowed, capacities, pairs, total, row_prices, column_prices):
    """Return what was checked, or raise NotProven with the first thing that is wrong."""
    rows, columns, extra = range(len(scores)), range(len(capacities)), bonus(scores, capacities)
    used = [0] * len(capacities)
    for i, j in pairs:
        require(i in rows and j in columns and allowed[i][j], f"the pair {i}, {j} is not allowed")
        used[j] += 1
    require(len({i for i, _ in pairs}) == len(pairs), "somebody is paired twice")
    require(all(n <= most for n, most in zip(used, capacities, strict=True)), "somebody has more than they can take")
    require(total == sum(scores[i][j] for i, j in pairs), "the total is not the sum of the scores")
    numbers = [total, *row_prices, *column_prices]
    require(all(type(n) is int for n in numbers), "a number is not a whole number")
    require(len(row_prices) == len(rows) and len(column_prices) == len(columns), "a price is missing")
    require(min([*row_prices, *column_prices], default=0) >= 0, "a price is below zero")
    for i in rows:
        for j in columns:
            if allowed[i][j]:
                require(row_prices[i] + column_prices[j] >= scores[i][j] + extra, f"the prices miss the pair {i}, {j}")
    worth = total + extra * len(pairs)
    bound = sum(row_prices) + sum(most * price for most, price in zip(capacities, column_prices, strict=True))
    require(worth == bound, f"worth {worth}, but the prices allow {bound}")
    return {"served": len(pairs), "total": total, "bonus": extra, "worth": worth, "bound": bound}


def require(holds, otherwise):
    if not holds:
        raise NotProven(otherwise)
