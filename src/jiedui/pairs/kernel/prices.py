"""Whole-number prices that prove an assignment: found by rounding, the smallest, the largest.

References
----------
Ahuja, Magnanti, Orlin (1993), *Network Flows*, ch. 9: reduced-cost optimality.
"""

from __future__ import annotations

import numpy as np

from jiedui.pairs.kernel.compiled import fast
from jiedui.pairs.kernel.exchanges import FAR, occupy


@fast
def find_prices(rows, columns, sides, grain, scale, count, state, eps, exact):
    """Look for whole-number prices under which nobody would rather go elsewhere; tell whether they exist.

    Rounded prices are lowered wherever somebody's own place is dearer than another; where this asks
    for a price below its floor, or would move somebody from outside, this assignment is not yet proved.
    """
    start, helper, cost = rows
    column_start, column_row, column_cost = columns
    capacity, penalty, floor = sides
    price, taken, paid = state
    helpers = len(capacity)
    unit = grain * scale
    half = unit // 2 + 3 * eps
    queued = np.zeros(helpers, np.bool_)
    queue = np.empty(helpers, np.int32)
    waiting = 0
    for j in range(helpers):
        exact[j] = floor[j] if count[j] < capacity[j] else (price[j] + half) // unit * grain
    for i in range(len(penalty)):
        now = taken[i]
        least = penalty[i]
        for e in range(start[i], start[i + 1]):
            least = min(least, cost[e] + exact[helper[e]])
        if now < 0:
            if least < penalty[i]:
                return False
        elif least - paid[i] < exact[now]:
            exact[now] = least - paid[i]
            if exact[now] < floor[now]:
                return False
            if not queued[now]:
                queued[now] = True
                queue[waiting] = now
                waiting += 1
    head, left = 0, 4 * helpers + 1000
    while waiting > 0 and left > 0:
        j = queue[head]
        head = (head + 1) % helpers
        waiting -= 1
        left -= 1
        queued[j] = False
        for e in range(column_start[j], column_start[j + 1]):
            i = column_row[e]
            now = taken[i]
            if now == j:
                continue
            value = exact[j] + column_cost[e]
            if now < 0:
                if value < penalty[i]:
                    return False
            elif value - paid[i] < exact[now]:
                exact[now] = value - paid[i]
                if exact[now] < floor[now]:
                    return False
                if not queued[now]:
                    queued[now] = True
                    queue[(head + waiting) % helpers] = now
                    waiting += 1
    return waiting == 0


@fast
def raise_prices(rows, sides, taken):
    """Give the smallest prices that prove an assignment, int64[H]; where it is not optimal, no proof.

    The smallest price of a helper is what one more of its places would be worth, exactly.
    """
    start, helper, cost = rows
    capacity, penalty, floor = sides
    columns = len(capacity)
    first, who, paid = occupy(start, helper, cost, taken, columns)
    price = floor.copy()
    for i in range(len(taken)):
        if taken[i] < 0:
            for e in range(start[i], start[i + 1]):
                price[helper[e]] = max(price[helper[e]], penalty[i] - cost[e])
    queue = np.empty(columns + 1, np.int32)
    queued = np.ones(columns, np.bool_)
    for j in range(columns):
        queue[j] = j
    head, size, left = 0, columns, 1000 * np.int64(columns + 10)
    while size > 0 and left > 0:
        a = queue[head]
        head = (head + 1) % (columns + 1)
        size -= 1
        left -= 1
        queued[a] = False
        for place in range(first[a], first[a + 1]):
            i = who[place]
            own = paid[i] + price[a]
            for e in range(start[i], start[i + 1]):
                b = helper[e]
                if own - cost[e] > price[b] and b != a:
                    price[b] = own - cost[e]
                    if not queued[b]:
                        queued[b] = True
                        queue[(head + size) % (columns + 1)] = b
                        size += 1
    return price


@fast
def highest_prices(rows, listed, sides, taken, price):
    """Give the largest prices that prove an optimal assignment, int64[H].

    The largest price of a helper is what one place less would cost, exactly; FAR where nobody is there.
    """
    column_start, column_row, column_cost = listed
    capacity, penalty, _ = sides
    columns = len(capacity)
    first, _, paid = occupy(rows[0], rows[1], rows[2], taken, columns)
    slack = np.full(columns, FAR, np.int64)
    queue = np.empty(columns + 1, np.int32)
    queued = np.zeros(columns, np.bool_)
    size, head = 0, 0
    for j in range(columns):
        if first[j + 1] - first[j] < capacity[j]:
            slack[j] = 0
    for i in range(len(taken)):
        a = taken[i]
        if a >= 0:
            slack[a] = min(slack[a], penalty[i] - paid[i] - price[a])
    for j in range(columns):
        if slack[j] < FAR:
            queued[j] = True
            queue[size] = j
            size += 1
    while size > 0:
        b = queue[head]
        head = (head + 1) % (columns + 1)
        size -= 1
        queued[b] = False
        for place in range(column_start[b], column_start[b + 1]):
            i = column_row[place]
            a = taken[i]
            if a < 0 or a == b:
                continue
            step = slack[b] + column_cost[place] + price[b] - paid[i] - price[a]
            if step < slack[a]:
                slack[a] = step
                if not queued[a]:
                    queued[a] = True
                    queue[(head + size) % (columns + 1)] = a
                    size += 1
    for j in range(columns):
        slack[j] = FAR if slack[j] == FAR else slack[j] + price[j]
    return slack
