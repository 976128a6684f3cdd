"""Tables of random indices by order: the divisor of the consistency ratio.

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
    # Aguarón, J. and Moreno-Jiménez, J. M. (2003). The geometric consistency index:
    # approximated thresholds. Eur. J. Oper. Res. 147(1), 137-145.
    "aguaron-moreno": (
        *(0, 0, 0.525, 0.882, 1.115, 1.252, 1.341, 1.404, 1.452, 1.484),
        *(1.513, 1.535, 1.555, 1.570, 1.583),
    ),
    # Tummala, V. M. R. and Ling, H. (1998). A note on the computation of the mean
    # random consistency index of the analytic hierarchy process. Theory Decis. 44, 221-230.
    "tummala-ling": (
        *(0, 0, 0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882),
        *(1.5117, 1.5356, 1.5571, 1.5714, 1.5831),
    ),
    # The R package ahpsurvey: 500,000 random matrices of each order.
    "ahpsurvey": (
        *(0, 0, 0.5251686, 0.8836651, 1.1081014, 1.2492774, 1.3415514, 1.4048466),
        *(1.4507197, 1.4857266, 1.5141022, 1.5356638, 1.5545925, 1.5703498, 1.5839958),
    ),
    # Goepel, K. D. (2018). Implementation of an online software tool for the analytic
    # hierarchy process (AHP-OS). Int. J. Anal. Hierarchy Process 10(3), 469-487.
    "goepel": (0, 0, 0.57, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
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
    """Return the mean consistency index of random matrices of order n.

    Parameters
    ----------
    n : int
        The order of the matrix, at least 1.
    table : str or float
        ``exact`` (enumerated, n <= 4); ``goepel`` (n <= 10); ``saaty-1980``,
        ``saaty-2005``, ``alonso-lamata-table``, ``aguaron-moreno``,
        ``tummala-ling``, ``ahpsurvey``, ``donegan-dodd`` (n <= 15);
        ``alonso-lamata`` (the regression line, any n); or the index as a number.

    Returns
    -------
    float
        0 for n <= 2, where every matrix is consistent.

    Raises
    ------
    NoRandomIndex
        If the table does not reach n, or n is not a whole number from 1.
    UnknownName

    References
    ----------
    .. [1] Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill; the other
       sources are in the comments beside their tables, in `TABLES`.

    Examples
    --------
    >>> random_index(6, "saaty-1980")
    1.24
    >>> round(random_index(20, "alonso-lamata"), 4)
    1.634
    """
    if isinstance(table, str) and table not in (*TABLES, "alonso-lamata"):
        raise UnknownName(table, (*TABLES, "alonso-lamata"))
    if (
        not 1 <= n < float("inf")
        or n != int(n)
        or not (isinstance(table, str) or 0 < table < float("inf"))
    ):
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
    return float(TABLES[table][int(n) - 1])
