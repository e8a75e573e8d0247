"""Labels at line ends: moved as little as keeps them apart, in the order of the lines."""

from collections.abc import Sequence

LOWEST, HIGHEST = 0.02, 1.0


def spread(ends: Sequence[float], *, gap: float) -> list[float]:
    """Return a height for the label of each line end, at least `gap` apart and between 0.02 and 1.

    Parameters
    ----------
    ends : sequence of float
        Heights of the line ends, shares of 1.
    gap : float
        Wanted distance; less where so many labels do not fit.

    Returns
    -------
    list of float
        Heights in the order of `ends`; least squares of the moves, by pooling neighbours.

    Examples
    --------
    >>> [round(height, 3) for height in spread([0.5, 0.9, 0.52], gap=0.1)]
    [0.46, 0.9, 0.56]
    >>> [round(height, 3) for height in spread([1.0, 1.0], gap=0.1)]
    [1.0, 0.9]
    """
    last = len(ends) - 1
    gap = min(gap, (HIGHEST - LOWEST) / last) if last > 0 else gap
    order = sorted(range(len(ends)), key=lambda index: (ends[index], -index))
    levels = _pooled([ends[index] - rank * gap for rank, index in enumerate(order)])
    top = HIGHEST - last * gap
    heights = [0.0] * len(ends)
    for rank, index in enumerate(order):
        heights[index] = min(max(levels[rank], LOWEST), top) + rank * gap
    return heights


def _pooled(values: Sequence[float]) -> list[float]:
    """Return the nearest values that never fall: neighbours out of order share their mean."""
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]
