"""The pairing kernel: an ε-scaling forward/reverse auction with slot bids and exact integer prices.

Recipients bid for helpers' places; each place keeps the bid that won it. A phase lets every recipient
be content within ε, then lowers the prices of places nobody took. ε shrinks until whole-number prices
prove the assignment optimal.

References
----------
Bertsekas, Castañón (1992), *A forward/reverse auction algorithm for asymmetric assignment problems*;
Bertsekas, Castañón (1989), *The auction algorithm for the transportation problem*.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NOBODY, OUTSIDE = -1, -2
FIRST = 50
"""The first ε is the largest cost over this."""
SHRINK = 5
"""Each phase takes this fraction of the last ε."""

fast = njit(cache=True, nogil=True)


@fast
def solve(
    start, helper, cost, capacity, penalty, floor, column_start, column_row, column_cost, shift, budget
):  # fmt: skip
    """Assign recipients to helpers' places at least cost.

    Parameters
    ----------
    start : int64[N + 1]
    helper : int32[E]
    cost : int32[E] or int64[E], at least 0
    capacity : int64[H]
    penalty : int64[N]
        Cost of staying outside.
    floor : int64[H]
        The price of a place that nobody takes: 0, or less for a helper whose places shall be filled first.
    column_start : int64[H + 1]
    column_row : int32[E]
    column_cost : like cost
        The candidates by helper.
    shift : int
        Prices are multiples of ``2 ** -shift``; ``2 ** shift > N + 1``.
    budget : int
        Bids after which to give up.

    Returns
    -------
    taken : int32[N]
        The helper of each recipient; -2 outside.
    prices : int64[H]
        Whole-number prices that prove the optimum, where `proved`.
    bids : int
        How many bids it took.
    proved : bool
        Whether the prices prove the optimum. Without it `taken` may be optimal still, or incomplete (-1).
    """
    rows, columns = len(start) - 1, len(capacity)
    unit = np.int64(1) << shift
    offset = np.zeros(columns + 1, np.int64)
    for j in range(columns):
        offset[j + 1] = offset[j] + capacity[j]
    occupant = np.empty(offset[columns], np.int32)
    bid = np.empty(offset[columns], np.int64)
    count = np.zeros(columns, np.int64)
    price = floor << shift
    taken = np.full(rows, NOBODY, np.int32)
    paid = np.zeros(rows, np.int64)
    largest, dearest = np.int64(0), np.int64(0)
    for e in range(len(cost)):
        largest = max(largest, np.int64(cost[e]))
    for i in range(rows):
        dearest = max(dearest, penalty[i])
    for j in range(columns):
        largest = max(largest, -floor[j])
    for j in range(columns):
        if capacity[j] == 0:
            price[j] = (dearest << shift) + 1
    eps = max(np.int64(1), largest * unit // FIRST)
    ceiling = max(eps, dearest * (unit >> 3))
    queue = np.empty(rows, np.int32)
    waiting = rows
    for i in range(rows):
        queue[i] = rows - 1 - i
    bids = np.int64(0)
    exact = np.empty(columns, np.int64)
    first = True
    while True:
        made, eps = _forward(
            start, helper, cost, capacity, penalty, shift, offset, occupant, bid, count, price, taken, paid,
            queue, waiting, eps, ceiling if first else eps, budget - bids,
        )  # fmt: skip
        bids += made
        if bids >= budget:
            return taken, exact, bids, False
        first = False
        _reverse(
            capacity,
            floor,
            penalty,
            column_start,
            column_row,
            column_cost,
            shift,
            count,
            price,
            taken,
            paid,
            eps,
        )  # fmt: skip
        if eps < unit and _find_prices(
            start, helper, cost, capacity, penalty, floor, column_start, column_row, column_cost, shift,
            count, price, taken, paid, eps, exact,
        ):  # fmt: skip
            return taken, exact, bids, True
        if eps == 1:
            return taken, exact, bids, False
        eps = max(np.int64(1), eps // SHRINK)
        waiting = _restart(
            start, helper, cost, capacity, penalty, shift, offset, occupant, bid, count, price, taken, paid,
            queue, eps,
        )  # fmt: skip


@fast
def _sink(bid, occupant, low, size, place):
    """Let an entry of the heap at ``low`` sink to where it belongs; the least bid is on top."""
    value, who = bid[low + place], occupant[low + place]
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and bid[low + child + 1] < bid[low + child]:
            child += 1
        if bid[low + child] >= value:
            break
        bid[low + place], occupant[low + place] = bid[low + child], occupant[low + child]
        place = child
    bid[low + place], occupant[low + place] = value, who


@fast
def _fill(bid, occupant, count, price, capacity, offset, j, i, offer):
    """Give recipient i a free place of helper j; a helper that is now full charges its least bid."""
    low = offset[j]
    bid[low + count[j]], occupant[low + count[j]] = offer, i
    count[j] += 1
    if count[j] == capacity[j]:
        for place in range(count[j] // 2 - 1, -1, -1):
            _sink(bid, occupant, low, count[j], place)
        price[j] = max(price[j], bid[low])


@fast
def _forward(
    start, helper, cost, capacity, penalty, shift, offset, occupant, bid, count, price, taken, paid,
    queue, waiting, eps, ceiling, budget,
):  # fmt: skip
    """Let those who wait bid, and those they displace, until everybody has a place or stays outside.

    While ε is below the ceiling it doubles with every N bids beyond 2 N: shortage then costs little.
    """
    rows = len(start) - 1
    bids, limit = np.int64(0), np.int64(2 * rows)
    while waiting > 0:
        waiting -= 1
        i = queue[waiting]
        while i >= 0:
            best, second, chosen, chosen_cost = np.int64(2**62), np.int64(2**62), -1, np.int64(0)
            for e in range(start[i], start[i + 1]):
                value = (np.int64(cost[e]) << shift) + price[helper[e]]
                if value < best:
                    second, best = best, value
                    chosen, chosen_cost = helper[e], np.int64(cost[e])
                elif value < second:
                    second = value
            bids += 1
            limit_value = penalty[i] << shift
            if best >= limit_value:
                taken[i] = OUTSIDE
                break
            offer = min(second, limit_value) - (chosen_cost << shift) + eps
            taken[i], paid[i] = chosen, chosen_cost
            if count[chosen] < capacity[chosen]:
                _fill(bid, occupant, count, price, capacity, offset, chosen, i, offer)
                break
            low = offset[chosen]
            displaced = occupant[low]
            bid[low], occupant[low] = offer, i
            _sink(bid, occupant, low, capacity[chosen], 0)
            price[chosen] = max(price[chosen], bid[low])
            taken[displaced] = NOBODY
            i = displaced
        if bids >= limit:
            if bids >= budget:
                return bids, eps
            if eps < ceiling:
                eps = min(2 * eps, ceiling)
            limit = bids + rows
    return bids, eps


@fast
def _select(key, who, size, want):
    """Move the `want` largest keys to the front (quickselect); the largest of the others comes next."""
    low, high = 0, size - 1
    while low < high:
        pivot = key[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while key[left] > pivot:
                left += 1
            while key[right] < pivot:
                right -= 1
            if left <= right:
                key[left], key[right] = key[right], key[left]
                who[left], who[right] = who[right], who[left]
                left += 1
                right -= 1
        if want <= right:
            high = right
        elif want >= left:
            low = left
        else:
            break


@fast
def _reverse(
    capacity, floor, penalty, column_start, column_row, column_cost, shift, count, price, taken, paid, eps
):  # fmt: skip
    """Lower the price of helpers with free places until recipients come, or it is at its floor."""
    columns = len(capacity)
    holes = np.empty(columns, np.int32)
    queued = np.zeros(columns, np.bool_)
    waiting, longest = 0, 0
    for j in range(columns):
        longest = max(longest, column_start[j + 1] - column_start[j])
        if count[j] < capacity[j] and price[j] > floor[j] << shift:
            holes[waiting] = j
            queued[j] = True
            waiting += 1
    key, entry = np.empty(longest, np.int64), np.empty(longest, np.int64)
    while waiting > 0:
        waiting -= 1
        j = holes[waiting]
        queued[j] = False
        free, lowest = capacity[j] - count[j], floor[j] << shift
        size = 0
        for e in range(column_start[j], column_start[j + 1]):
            i = column_row[e]
            now = taken[i]
            if now == j:
                continue
            have = penalty[i] << shift if now < 0 else (paid[i] << shift) + price[now]
            gain = have - (np.int64(column_cost[e]) << shift)
            if gain > lowest:
                key[size], entry[size] = gain, e
                size += 1
        lowered = lowest
        if size > free:
            _select(key, entry, size, free)
            lowered = max(lowest, key[free] - eps)
            size = free
        lowered = min(lowered, price[j])
        price[j] = lowered
        for place in range(size):
            if key[place] < lowered + eps:
                continue
            i = column_row[entry[place]]
            now = taken[i]
            if now >= 0:
                count[now] -= 1
                if price[now] > floor[now] << shift and not queued[now]:
                    holes[waiting] = now
                    queued[now] = True
                    waiting += 1
            taken[i], paid[i] = j, np.int64(column_cost[entry[place]])
            count[j] += 1
        if count[j] < capacity[j] and price[j] > lowest and not queued[j]:
            holes[waiting] = j
            queued[j] = True
            waiting += 1


@fast
def _restart(
    start, helper, cost, capacity, penalty, shift, offset, occupant, bid, count, price, taken, paid, queue,
    eps,
):  # fmt: skip
    """Begin a phase: whoever is content within the new ε stays with a new bid, the others wait."""
    waiting = 0
    count[:] = 0
    for i in range(len(start) - 1):
        now = taken[i]
        limit_value = penalty[i] << shift
        other = limit_value
        own = limit_value if now < 0 else (paid[i] << shift) + price[now]
        for e in range(start[i], start[i + 1]):
            j = helper[e]
            if j != now:
                other = min(other, (np.int64(cost[e]) << shift) + price[j])
        if now < 0:
            if limit_value > other + eps:
                taken[i] = NOBODY
        elif own <= other + eps:
            low = offset[now] + count[now]
            bid[low], occupant[low] = other + eps - (paid[i] << shift), i
            count[now] += 1
            continue
        else:
            taken[i] = NOBODY
        if taken[i] == NOBODY:
            queue[waiting] = i
            waiting += 1
    for j in range(len(capacity)):
        if 0 < count[j] == capacity[j]:
            low = offset[j]
            for place in range(count[j] // 2 - 1, -1, -1):
                _sink(bid, occupant, low, count[j], place)
            price[j] = max(price[j], bid[low])
    return waiting


@fast
def _find_prices(
    start, helper, cost, capacity, penalty, floor, column_start, column_row, column_cost, shift,
    count, price, taken, paid, eps, exact,
):  # fmt: skip
    """Look for whole-number prices under which nobody would rather go elsewhere; tell whether they exist.

    Rounded prices are lowered wherever somebody's own place is dearer than another; where this asks
    for a price below its floor, or would move somebody from outside, this assignment is not yet proved.
    """
    rows, columns = len(start) - 1, len(capacity)
    half = (np.int64(1) << shift >> 1) + 3 * eps
    queued = np.zeros(columns, np.bool_)
    queue = np.empty(columns, np.int32)
    waiting = 0
    for j in range(columns):
        exact[j] = floor[j] if count[j] < capacity[j] else (price[j] + half) >> shift
    for i in range(rows):
        now = taken[i]
        least = penalty[i]
        for e in range(start[i], start[i + 1]):
            least = min(least, np.int64(cost[e]) + exact[helper[e]])
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
    scans = 0
    head, size = 0, waiting
    while size > 0:
        j = queue[head]
        head = (head + 1) % columns
        size -= 1
        queued[j] = False
        scans += 1
        if scans > 4 * columns + 1000:
            return False
        for e in range(column_start[j], column_start[j + 1]):
            i = column_row[e]
            now = taken[i]
            if now == j:
                continue
            value = exact[j] + np.int64(column_cost[e])
            if now < 0:
                if value < penalty[i]:
                    return False
            elif value - paid[i] < exact[now]:
                exact[now] = value - paid[i]
                if exact[now] < floor[now]:
                    return False
                if not queued[now]:
                    queued[now] = True
                    queue[(head + size) % columns] = now
                    size += 1
    return True
