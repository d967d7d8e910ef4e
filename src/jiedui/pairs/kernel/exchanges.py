"""Exchanges along an optimal assignment: extreme prices, chains of who gives way, repair.

With optimal prices every exchange costs at least nothing, so that shortest paths answer what one more
place is worth, what one place less costs, who gives way to whom, and how a loss is mended exactly.

References
----------
Ahuja, Magnanti, Orlin (1993), *Network Flows*, ch. 9 (residual networks, successive shortest paths).
"""

from __future__ import annotations

import numpy as np

from jiedui.pairs.kernel.compiled import fast

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
def settle(capacity, taken):
    """Put recipients into places: starts int64[H + 1], occupants int32 by place, places taken int64[H]."""
    columns = len(capacity)
    offset = np.zeros(columns + 1, np.int64)
    for j in range(columns):
        offset[j + 1] = offset[j] + capacity[j]
    occupant = np.empty(offset[columns], np.int32)
    count = np.zeros(columns, np.int64)
    for i in range(len(taken)):
        j = taken[i]
        if j >= 0:
            occupant[offset[j] + count[j]] = i
            count[j] += 1
    return offset, occupant, count


@fast
def _push(heap_key, heap_item, size, value, item):
    """Add to a heap whose least key is on top; gives its new size."""
    place = size
    while place > 0:
        above = (place - 1) // 2
        if heap_key[above] <= value:
            break
        heap_key[place], heap_item[place] = heap_key[above], heap_item[above]
        place = above
    heap_key[place], heap_item[place] = value, item
    return size + 1


@fast
def _pop(heap_key, heap_item, size):
    """Take the top off a heap; gives its new size. The top moves to the first free place."""
    key, item = heap_key[0], heap_item[0]
    size -= 1
    value, last = heap_key[size], heap_item[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap_key[child + 1] < heap_key[child]:
            child += 1
        if heap_key[child] >= value:
            break
        heap_key[place], heap_item[place] = heap_key[child], heap_item[child]
        place = child
    heap_key[place], heap_item[place] = value, last
    heap_key[size], heap_item[size] = key, item
    return size


@fast
def insert(start, helper, cost, capacity, penalty, taken, paid, price, offset, occupant, count, guest, only):
    """Find a place for a recipient at least cost, moving others where that pays; prices stay a proof.

    Parameters
    ----------
    taken, paid, price, offset, occupant, count
        An optimum without the guest (see `settle`); changed in place.
    guest : int
        The recipient who comes.
    only : int
        The one helper it may go to; -1 for any of its candidates or outside. The prices then prove the
        optimum of the others, with one place less at that helper.

    Returns
    -------
    added : int
        What the optimum costs more with the guest; FAR where there is no way.
    chain : int32[K, 3]
        Who moves: recipient, the helper left (-2 from outside), the helper taken (-2 to outside).
    """
    columns = len(capacity)
    distance = np.full(columns, FAR, np.int64)
    mover = np.full(columns, -1, np.int32)
    closed = np.zeros(columns, np.bool_)
    pairs = start[guest + 1] - start[guest]
    room = np.int64(16)
    heap_key, heap_item = np.empty(pairs + room, np.int64), np.empty(pairs + room, np.int32)
    size = 0
    best = FAR if only >= 0 else penalty[guest]
    end, leaver = -1, guest
    for e in range(start[guest], start[guest + 1]):
        j = helper[e]
        if only >= 0 and j != only:
            continue
        distance[j], mover[j] = cost[e] + price[j], guest
        size = _push(heap_key, heap_item, size, distance[j], j)
    while size > 0:
        size = _pop(heap_key, heap_item, size)
        near, b = heap_key[size], heap_item[size]
        if closed[b] or near > distance[b]:
            continue
        if near >= best:
            break
        closed[b] = True
        if count[b] < capacity[b]:
            best, end, leaver = near, b, -1
            break
        for place in range(offset[b], offset[b] + count[b]):
            i = occupant[place]
            own = paid[i] + price[b]
            out = near + penalty[i] - own
            if out < best:
                best, end, leaver = out, b, i
            for e in range(start[i], start[i + 1]):
                j = helper[e]
                far = near + cost[e] + price[j] - own
                if far < distance[j] and far < best:
                    distance[j], mover[j] = far, i
                    if size == len(heap_key):
                        heap_key, heap_item = _grown(heap_key), _grown(heap_item)
                    size = _push(heap_key, heap_item, size, far, j)
    if best == FAR:
        return FAR, np.empty((0, 3), np.int32)
    for j in range(columns):
        if distance[j] < best:
            price[j] += best - distance[j]
    return best, _trace(taken, mover, guest, end, leaver)


@fast
def _grown(values):
    """Give a longer array with the same beginning."""
    longer = np.empty(2 * len(values), values.dtype)
    longer[: len(values)] = values
    return longer


@fast
def _trace(taken, mover, guest, end, leaver):
    """List who moves, from the guest on."""
    steps = 0
    moves = np.empty((16, 3), np.int32)
    if leaver >= 0:
        moves[0, 0], moves[0, 1], moves[0, 2] = leaver, taken[leaver], -2
        steps = 1
    while end >= 0:
        if steps == len(moves):
            longer = np.empty((2 * steps, 3), np.int32)
            longer[:steps] = moves
            moves = longer
        i = mover[end]
        moves[steps, 0], moves[steps, 1], moves[steps, 2] = i, taken[i], end
        steps += 1
        end = -1 if i == guest else taken[i]
    return moves[:steps][::-1].copy()


@fast
def move(start, helper, cost, taken, paid, offset, occupant, count, chain):
    """Carry out a chain of moves, the last one first, in place."""
    for step in range(len(chain) - 1, -1, -1):
        i, left, took = chain[step, 0], chain[step, 1], chain[step, 2]
        if left >= 0:
            for place in range(offset[left], offset[left] + count[left]):
                if occupant[place] == i:
                    count[left] -= 1
                    occupant[place] = occupant[offset[left] + count[left]]
                    break
        taken[i] = took
        if took >= 0:
            occupant[offset[took] + count[took]] = i
            count[took] += 1
            for e in range(start[i], start[i + 1]):
                if helper[e] == took:
                    paid[i] = cost[e]


@fast
def vacate(
    column_start, column_row, column_cost, capacity, penalty, taken, paid, price, hole, absent
):  # fmt: skip
    """Fill a free place that has a price by whoever gains most, or lower the price; prices stay a proof.

    Parameters
    ----------
    hole : int
        The helper with the free place.
    absent : bool[N]
        Recipients who do not take part yet.

    Returns
    -------
    chain : int32[K, 3]
        Who moves, as in `insert`, the place's new occupant last.
    """
    columns = len(capacity)
    distance = np.full(columns, FAR, np.int64)
    mover = np.full(columns, -1, np.int32)
    onward = np.full(columns, -1, np.int32)
    closed = np.zeros(columns, np.bool_)
    heap_key, heap_item = np.empty(64, np.int64), np.empty(64, np.int32)
    distance[hole] = 0
    size = _push(heap_key, heap_item, 0, np.int64(0), hole)
    best, end, comer = price[hole], hole, -1
    while size > 0:
        size = _pop(heap_key, heap_item, size)
        near, b = heap_key[size], heap_item[size]
        if closed[b] or near > distance[b]:
            continue
        if near >= best:
            break
        closed[b] = True
        if near + price[b] < best:
            best, end, comer = near + price[b], b, -1
        for place in range(column_start[b], column_start[b + 1]):
            i = column_row[place]
            a = taken[i]
            if a == b or absent[i]:
                continue
            here = column_cost[place] + price[b]
            if a < 0:
                if near + here - penalty[i] < best:
                    best, end, comer = near + here - penalty[i], b, i
                continue
            far = near + here - paid[i] - price[a]
            if far < distance[a] and far < best:
                distance[a], mover[a], onward[a] = far, i, b
                if size == len(heap_key):
                    heap_key, heap_item = _grown(heap_key), _grown(heap_item)
                size = _push(heap_key, heap_item, size, far, a)
    for j in range(columns):
        if distance[j] < best:
            price[j] -= best - distance[j]
    steps = 0
    chain = np.empty((columns + 1, 3), np.int32)
    if comer >= 0:
        chain[0, 0], chain[0, 1], chain[0, 2] = comer, -2, end
        steps = 1
    while end != hole:
        chain[steps, 0], chain[steps, 1], chain[steps, 2] = mover[end], end, onward[end]
        steps += 1
        end = onward[end]
    return chain[:steps].copy()
