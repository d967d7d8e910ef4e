"""Exchanges along an optimal assignment: extreme prices, chains of who gives way, repair.

With optimal prices every exchange costs at least nothing, so that shortest paths answer what one more
place is worth, what one place less costs, who gives way to whom, and how a loss is mended exactly.

References
----------
Ahuja, Magnanti, Orlin (1993), *Network Flows*, ch. 9 (residual networks, successive shortest paths).
"""

from __future__ import annotations

import numpy as np
from numba import njit

fast = njit(cache=True, nogil=True)
FAR = np.int64(2**62)


@fast
def transpose(start, helper, cost, columns):
    """Give the candidates by helper: starts int64[H + 1], recipients int32[E], costs."""
    column_start = np.zeros(columns + 1, np.int64)
    for e in range(len(helper)):
        column_start[helper[e] + 1] += 1
    for j in range(columns):
        column_start[j + 1] += column_start[j]
    fill = column_start[:-1].copy()
    row = np.empty(len(helper), np.int32)
    column_cost = np.empty(len(helper), cost.dtype)
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            place = fill[helper[e]]
            row[place], column_cost[place] = i, cost[e]
            fill[helper[e]] = place + 1
    return column_start, row, column_cost


@fast
def occupy(start, helper, cost, taken, columns):
    """List who is where: starts int64[H + 1], recipients by helper int32, and what each pays int64[N]."""
    first = np.zeros(columns + 1, np.int64)
    paid = np.zeros(len(taken), np.int64)
    for i in range(len(taken)):
        if taken[i] >= 0:
            first[taken[i] + 1] += 1
            for e in range(start[i], start[i + 1]):
                if helper[e] == taken[i]:
                    paid[i] = cost[e]
                    break
    for j in range(columns):
        first[j + 1] += first[j]
    fill = first[:-1].copy()
    who = np.empty(first[columns], np.int32)
    for i in range(len(taken)):
        if taken[i] >= 0:
            who[fill[taken[i]]] = i
            fill[taken[i]] += 1
    return first, who, paid


@fast
def raise_prices(start, helper, cost, capacity, penalty, floor, taken):
    """Give the smallest prices that prove an assignment, int64[H]; where it is not optimal, no proof.

    The smallest price of a helper is what one more of its places would be worth, exactly.
    """
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
def highest_prices(start, helper, cost, capacity, penalty, taken, price, columns_of):
    """Give the largest prices that prove an optimal assignment, int64[H].

    The largest price of a helper is what one place less would cost, exactly; FAR where nobody is there.
    """
    column_start, column_row, column_cost = columns_of
    columns = len(capacity)
    first, _, paid = occupy(start, helper, cost, taken, columns)
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
