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

from jiedui.pairs.kernel.compiled import fast
from jiedui.pairs.kernel.exchanges import FAR
from jiedui.pairs.kernel.prices import find_prices

NOBODY, OUTSIDE = -1, -2
FIRST = 50
"""The first ε is the largest cost over this."""
SHRINK = 5
"""Each phase takes this fraction of the last ε."""
EXPECTED = 2
"""Bids a recipient takes, with those it displaces, where there are places for all."""


@fast
def solve(rows, columns, sides, grain, budget):
    """Assign recipients to helpers' places at least cost.

    Parameters
    ----------
    rows : start int64[N + 1], helper int32[E], cost int32[E] or int64[E]
        The candidates by recipient; costs are at least 0.
    columns : start int64[H + 1], recipient int32[E], cost like cost
        The candidates by helper.
    sides : capacity int64[H], penalty int64[N], floor int64[H]
        The penalty is the cost of staying outside; the floor is the price of a place that nobody takes: 0,
        or less for a helper whose places shall be filled first.
    grain : int
        A number that divides all costs, penalties and floors.
    budget : int
        Bids after which to give up.

    Returns
    -------
    taken : int32[N]
        The helper of each recipient; -2 outside.
    exact : int64[H]
        Whole-number prices that prove the optimum, where `proved`.
    bids : int
        How many bids it took.
    proved : bool
        Whether the prices prove the optimum. Without it `taken` may be optimal still, or incomplete (-1).
    """
    cost = rows[2]
    capacity, penalty, floor = sides
    people, helpers = len(penalty), len(capacity)
    scale = finest(people, grain)
    unit = grain * scale
    degree = columns[0][1:] - columns[0][:-1]
    capacity = np.minimum(capacity, degree + 1)
    sides = (capacity, penalty, floor)
    offset = np.zeros(helpers + 1, np.int64)
    offset[1:] = np.cumsum(capacity)
    places = (
        offset,
        np.empty(offset[-1], np.int32),
        np.empty(offset[-1], np.int64),
        np.zeros(helpers, np.int64),
    )
    price = floor * scale
    taken, paid = np.full(people, NOBODY, np.int32), np.zeros(people, np.int64)
    state = (price, taken, paid)
    exact = np.empty(helpers, np.int64)
    largest, dearest = np.int64(0), np.int64(0)
    for e in range(len(cost)):
        largest = max(largest, np.int64(cost[e]))
    for i in range(people):
        dearest = max(dearest, penalty[i])
    for j in range(helpers):
        largest = max(largest, -floor[j])
        if capacity[j] == 0:
            price[j] = dearest * scale + 1
    ceiling = dearest * scale // 8
    eps = max(np.int64(1), largest * scale // FIRST if largest else ceiling)
    ceiling = max(eps, ceiling)
    queue = np.arange(people - 1, -1, -1).astype(np.int32)
    waiting, bids = people, np.int64(0)
    while True:
        made, eps = _bid(rows, sides, scale, places, state, queue, waiting, eps, ceiling, budget - bids)
        bids += made
        if bids >= budget:
            return taken, exact, bids, False
        _fill_holes(columns, sides, scale, places[3], state, eps)
        if eps < unit and find_prices(rows, columns, sides, grain, scale, places[3], state, eps, exact):
            return taken, exact, bids, True
        if eps == 1:
            return taken, exact, bids, False
        eps = max(np.int64(1), eps // SHRINK)
        ceiling = eps
        waiting = _restart(rows, sides, scale, places, state, queue, eps)


@fast
def common_divisor(numbers, divisor):
    """Give the largest number that divides all of these and the divisor; 0 where all are 0."""
    for number in numbers:
        if divisor != 1 and (divisor == 0 or number % divisor != 0):
            divisor = np.gcd(np.int64(number), divisor)
    return divisor


@fast
def finest(people, grain):
    """Give how many parts of a unit of cost prices are counted in, letting ε fall below grain / (N + 1)."""
    return (np.int64(people) + 1) // grain + 1


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
def _heap(bid, occupant, low, size):
    """Order the bids of a full helper, the least on top; give the least."""
    for place in range(size // 2 - 1, -1, -1):
        _sink(bid, occupant, low, size, place)
    return bid[low]


@fast
def _bid(rows, sides, scale, places, state, queue, waiting, eps, ceiling, budget):
    """Let those who wait bid, and those they displace, until everybody has a place or stays outside.

    Where many more bids than expected follow one another, ε doubles up to the ceiling: shortage then costs
    little.
    """
    start, helper, cost = rows
    capacity, penalty, _ = sides
    offset, occupant, bid, count = places
    price, taken, paid = state
    slack = len(penalty) // 8 + 100
    bids, limit = np.int64(0), np.int64(slack)
    while waiting > 0:
        waiting -= 1
        i = queue[waiting]
        while i >= 0:
            best, second, chosen = FAR, FAR, -1
            for e in range(start[i], start[i + 1]):
                value = cost[e] * scale + price[helper[e]]
                second = min(second, max(best, value))
                if value < best:
                    best, chosen = value, e
            bids += 1
            outside = penalty[i] * scale
            if best >= outside:
                taken[i] = OUTSIDE
                break
            j, own = helper[chosen], np.int64(cost[chosen])
            offer = min(second, outside) - own * scale + eps
            taken[i], paid[i] = j, own
            low, full = offset[j], capacity[j]
            if count[j] < full:
                bid[low + count[j]], occupant[low + count[j]] = offer, i
                count[j] += 1
                if count[j] == full:
                    price[j] = max(price[j], _heap(bid, occupant, low, full))
                break
            displaced = occupant[low]
            bid[low], occupant[low] = offer, i
            _sink(bid, occupant, low, full, 0)
            price[j] = max(price[j], bid[low])
            taken[displaced] = NOBODY
            i = displaced
        limit += EXPECTED
        if bids >= limit:
            if bids >= budget:
                return bids, eps
            eps = max(eps, min(2 * eps, ceiling))
            limit = bids + slack
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
def _fill_holes(columns, sides, scale, count, state, eps):
    """Lower the price of helpers with free places until recipients come, or it is at its floor."""
    column_start, column_row, column_cost = columns
    capacity, penalty, floor = sides
    price, taken, paid = state
    helpers = len(capacity)
    holes = np.empty(helpers, np.int32)
    queued = np.zeros(helpers, np.bool_)
    waiting, longest = 0, 0
    for j in range(helpers):
        longest = max(longest, column_start[j + 1] - column_start[j])
        if count[j] < capacity[j] and price[j] > floor[j] * scale:
            holes[waiting] = j
            queued[j] = True
            waiting += 1
    key, entry = np.empty(longest, np.int64), np.empty(longest, np.int64)
    while waiting > 0:
        waiting -= 1
        j = holes[waiting]
        queued[j] = False
        free, lowest = capacity[j] - count[j], floor[j] * scale
        size = 0
        for e in range(column_start[j], column_start[j + 1]):
            i = column_row[e]
            now = taken[i]
            if now == j:
                continue
            have = penalty[i] * scale if now < 0 else paid[i] * scale + price[now]
            gain = have - column_cost[e] * scale
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
                if price[now] > floor[now] * scale and not queued[now]:
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
def _restart(rows, sides, scale, places, state, queue, eps):
    """Begin a phase: whoever is content within the new ε stays with a new bid, the others wait."""
    start, helper, cost = rows
    capacity, penalty, _ = sides
    offset, occupant, bid, count = places
    price, taken, paid = state
    waiting = 0
    count[:] = 0
    for i in range(len(penalty)):
        now, outside = taken[i], penalty[i] * scale
        other, own = outside, outside if now < 0 else paid[i] * scale + price[now]
        for e in range(start[i], start[i + 1]):
            if helper[e] != now:
                other = min(other, cost[e] * scale + price[helper[e]])
        if own > other + eps:
            taken[i] = NOBODY
            queue[waiting] = i
            waiting += 1
        elif now >= 0:
            low = offset[now] + count[now]
            bid[low], occupant[low] = other + eps - paid[i] * scale, i
            count[now] += 1
    for j in range(len(capacity)):
        if 0 < count[j] == capacity[j]:
            price[j] = max(price[j], _heap(bid, occupant, offset[j], count[j]))
    return waiting
