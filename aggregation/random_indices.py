"""The consistency index of random matrices, by order: what the CR divides by.

Each table starts at n = 1. They disagree because they were drawn with few
matrices, on other scales or with rounded ends; a consistency ratio names its
table.
"""

from aggregation.faults import NoRandomIndex, UnknownName

TABLES: dict[str, tuple[float, ...]] = {
    # All 17^m matrices on the 1/9..9 scale, enumerated.
    "exact": (0, 0, 0.5244574543, 0.8841580007),
    # Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.
    "saaty-1980": (
        *(0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
        *(1.51, 1.48, 1.56, 1.57, 1.59),
    ),
    # Saaty, T. L. (2005). Theory and Applications of the Analytic Network Process.
    "saaty-2005": (
        *(0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
        *(1.52, 1.54, 1.56, 1.58, 1.59),
    ),
    # Alonso, J. A. and Lamata, M. T. (2006). Consistency in the analytic hierarchy
    # process: a new approach. Int. J. Uncertain. Fuzz. 14(4), 445-459.
    "alonso-lamata-table": (
        *(0, 0, 0.5247, 0.8816, 1.1086, 1.2479, 1.3417, 1.4057, 1.4499, 1.4854),
        *(1.5140, 1.5365, 1.5551, 1.5713, 1.5838),
    ),
    # Donegan, H. A. and Dodd, F. J. (1991). A note on Saaty's random indexes.
    # Math. Comput. Model. 15(10), 135-137.
    "donegan-dodd": (
        *(0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055),
        *(1.4213, 1.4497, 1.4643, 1.4822, 1.4969),
    ),
}

#: Alonso and Lamata (2006) fit the mean eigenvalue by a line: slope and intercept.
ALONSO_LAMATA_LINE = (2.7699, 4.3513)


def random_index(n: int, table: str | float = "saaty-1980") -> float:
    """The mean consistency index of random matrices of order n.

    Parameters
    ----------
    n : int
        The order of the matrix, at least 1.
    table : str or float
        ``exact`` (enumerated, n <= 4), ``saaty-1980``, ``saaty-2005``,
        ``alonso-lamata-table``, ``donegan-dodd`` (n <= 15), ``alonso-lamata``
        (the regression line, any n), or the index itself as a number.

    Returns
    -------
    float
        0 for n <= 2, where no matrix contradicts itself.

    Raises
    ------
    NoRandomIndex
        If the table does not reach n.

    Examples
    --------
    >>> random_index(6, "saaty-1980")
    1.24
    >>> round(random_index(20, "alonso-lamata"), 4)
    1.634
    """
    if isinstance(table, str) and table not in (*TABLES, "alonso-lamata"):
        raise UnknownName(table, (*TABLES, "alonso-lamata"))
    if n < 1 or not (isinstance(table, str) or 0 < table < float("inf")):
        raise NoRandomIndex(n, str(table))
    if n <= 2:
        return 0.0
    if not isinstance(table, str):
        return float(table)
    if table == "alonso-lamata":
        slope, intercept = ALONSO_LAMATA_LINE
        return (slope * n - intercept - n) / (n - 1)
    if n > len(TABLES[table]):
        raise NoRandomIndex(n, table)
    return float(TABLES[table][n - 1])
