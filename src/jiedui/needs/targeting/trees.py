"""Boosted regression trees: grown by scikit-learn, kept and followed as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError, MissingPartError
from jiedui.language import finding

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Floats

LEAF = -1
SAME = 1e-9
"""How far the kept trees may stray from scikit-learn's own answer, relative to its spread: sums of
floats in another order."""
GROWTH = {"learning_rate": 0.05, "max_iter": 300, "max_leaf_nodes": 6, "min_samples_leaf": 20}


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees one after the other in one list of nodes; the answer is the start and a leaf of each tree.

    Attributes
    ----------
    roots : tuple of int
        The first node of each tree.
    feature : tuple of int
        The column a node asks; -1 at a leaf.
    threshold : tuple of float
        Up to it the way goes to `left`, above it to `right`.
    value : tuple of float
        What a leaf adds.
    """

    start: float
    roots: tuple[int, ...]
    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    def predict(self, X: Floats) -> Floats:  # noqa: N803
        """Follow every tree for each row of `X` (n, p), giving (n,)."""
        import numpy as np

        feature, left, right = (np.array(one) for one in (self.feature, self.left, self.right))
        threshold, value = np.array(self.threshold), np.array(self.value)
        every = np.arange(len(X))
        answer = np.full(len(X), self.start)
        for root in self.roots:
            node = np.full(len(X), root)
            while (inner := feature[node] != LEAF).any():
                at = node[inner]
                lower = X[every[inner], feature[at]] <= threshold[at]
                node[inner] = np.where(lower, left[at], right[at])
            answer += value[node]
        return answer


def grow(X: Floats, y: Floats, w: Floats, *, monotone: Sequence[int], seed: int) -> Trees:  # noqa: N803
    """Grow trees by gradient boosting [1]_ on the squared error.

    Parameters
    ----------
    monotone : sequence of int
        By column: 1 where the score may only rise with it, -1 where it may only fall, 0 where it is free.

    Raises
    ------
    MissingPartError
        If scikit-learn is not installed.

    References
    ----------
    .. [1] Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of
       Statistics 29, 1189-1232.
    """
    import numpy as np

    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    except ImportError:
        raise MissingPartError([finding("targeting.no_sklearn")]) from None
    grower = HistGradientBoostingRegressor(
        **GROWTH, l2_regularization=1.0, early_stopping=False, monotonic_cst=list(monotone), random_state=seed
    )
    # Threads that wait for each other on a busy machine are many times slower than one.
    with threadpool_limits(limits=1):
        trees = _kept(grower.fit(X, y, sample_weight=w))
        strayed = np.abs(trees.predict(X) - grower.predict(X)).max()
    if strayed > SAME * max(1.0, float(np.ptp(y))):
        raise InputError([finding("targeting.trees_unlike")])
    return trees


def _kept(grower: object) -> Trees:
    """Take the nodes out of scikit-learn's trees."""
    import numpy as np

    each = [tree.nodes for (tree,) in grower._predictors]  # type: ignore[attr-defined]  # noqa: SLF001
    roots = np.cumsum([0, *map(len, each)])
    nodes, shift = np.concatenate(each), np.repeat(roots[:-1], np.diff(roots))
    leaf = nodes["is_leaf"].astype(bool)
    return Trees(
        start=float(np.ravel(grower._baseline_prediction)[0]),  # type: ignore[attr-defined]  # noqa: SLF001
        roots=tuple(roots[:-1].tolist()),
        feature=tuple(np.where(leaf, LEAF, nodes["feature_idx"]).tolist()),
        threshold=tuple(np.where(leaf, 0.0, nodes["num_threshold"]).tolist()),
        left=tuple(np.where(leaf, 0, nodes["left"] + shift).tolist()),
        right=tuple(np.where(leaf, 0, nodes["right"] + shift).tolist()),
        value=tuple(np.where(leaf, nodes["value"], 0.0).tolist()),
    )
