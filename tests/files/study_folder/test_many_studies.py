"""500 studies by chance, each written and read again: quicker than a search for the smallest.

The search is in test_round_trip.py; this draws texts that a file could confuse with its own
signs: delimiters, quotes, marks, line ends, formulas, decimals, declared delimiters.
"""

import random
from pathlib import Path

from survey.files.study_folder import read_folder, read_zip, write_folder, zipped
from survey.values import (
    BEST_WORST,
    DIRECT,
    PAIRWISE,
    RATING,
    Abstention,
    Allocation,
    Expert,
    Extremes,
    Framework,
    Group,
    Indicator,
    Judgement,
    Rung,
    Study,
    Table,
    Unit,
)

PIECES = [
    *(
        ",",
        ";",
        "\t",
        '"',
        "'",
        "\n",
        "\r\n",
        "\r",
        "\ufeff",
        "sep=;",
        "=1+1",
        "-3",
        "+",
        "@",
        "％",
    ),
    *(
        "0,5",
        "1.5",
        "1/3",
        "⅓",
        "n/a",
        "é",
        "ÿ",
        "目录",
        "水",
        "Ŀ¼",
        "Москва",
        "القاهرة",
        "𠮷",
        "ß",
    ),
    *(" ", "\u3000", "\u2028", "\x0b", "\x1f", "\x85", "a", "Z", "9", "…", "|", "，", "%", "\\"),
]
LANGUAGES = ["zh", "en", "ar", "ru", "tr", "fr", "pt-BR"]
CODES = ["a", "B2", "004", "1E5", "3-1", "数", "é.x", "x_y", "MAR1", "k7", "q", "w8", "r.3", "z-z"]


def text(chance: random.Random) -> str:
    drawn = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
    return drawn if drawn.strip() else "a" + drawn


def names(chance: random.Random) -> dict[str, str]:
    return {code: text(chance) for code in chance.sample(LANGUAGES, chance.randint(0, 3))}


def ladder(chance: random.Random, top: int) -> tuple[Rung, ...]:
    described = chance.random() < 0.5
    return tuple(Rung(n, names(chance)) for n in range(1, top + 1)) if described else ()


def framework(chance: random.Random) -> Framework:
    codes = chance.sample(CODES, chance.randint(2, 9))
    groups = codes[: max(1, len(codes) // 4)]
    leaves = codes[len(groups) :]
    tops = {leaf: chance.randint(1, 6) for leaf in leaves}
    return Framework(
        tuple(Group(code, names(chance)) for code in groups),
        tuple(
            Indicator(leaf, groups[n % len(groups)], names(chance), tops[leaf], ladder(chance, top))
            for n, (leaf, top) in enumerate(tops.items())
        ),
    )


def study(chance: random.Random) -> Study:
    tree = framework(chance)
    directions = ["", f"field {text(chance)}", tree.groups[0].code]
    panel = tuple(
        Expert(
            code,
            chance.choice(directions),
            chance.choice(LANGUAGES),
            chance.choice([PAIRWISE, DIRECT, RATING, BEST_WORST]),
            text(chance),
        )
        for code in chance.sample(CODES, chance.randint(1, 4))
    )
    answers = [
        answer
        for expert in panel
        for parent in tree.parents
        for answer in answered(chance, tree, expert, parent)
    ]
    leaves = tree.indicators
    return Study(
        code=chance.choice(CODES),
        framework=tree,
        panel=panel,
        judgements=tuple(a for a in answers if isinstance(a, Judgement)),
        allocations=tuple(a for a in answers if isinstance(a, Allocation)),
        abstentions=tuple(a for a in answers if isinstance(a, Abstention)),
        extremes=tuple(a for a in answers if isinstance(a, Extremes)),
        units=tuple(
            Unit(
                code,
                names(chance),
                {i.code: chance.randint(0, i.top) for i in leaves if chance.random() < 0.8},
                text(chance),
                chance.choice([None, True, False]),
                *chance.choice(
                    [(None, None), (chance.uniform(-90, 90), chance.uniform(-180, 180))]
                ),
            )
            for code in chance.sample(CODES, chance.randint(0, 6))
        ),
        tables=tuple(
            Table(code, names(chance), (tree.groups[0].code,))
            for code in chance.sample(CODES, chance.randint(0, 2))
        ),
        titles=names(chance),
        contact=text(chance),
        notices=names(chance),
        purposes=names(chance),
    )


def answered(chance: random.Random, tree: Framework, expert: Expert, parent: str):
    children = list(tree.children(parent))
    if chance.random() < 0.2:
        return [Abstention(expert.code, parent, reason=text(chance))]
    if expert.kind == RATING:
        return [Allocation(expert.code, parent, c, chance.uniform(0.1, 10)) for c in children]
    if expert.kind == DIRECT:
        cuts = sorted(chance.uniform(0, 100) for _ in children[1:])
        ends = zip([0.0, *cuts], [*cuts, 100.0], strict=True)
        shares = [high - low for low, high in ends]
        return [
            Allocation(expert.code, parent, c, s) for c, s in zip(children, shares, strict=True)
        ]
    if expert.kind == BEST_WORST and len(children) > 2:
        best, worst = chance.sample(children, 2)
        return [Extremes(expert.code, parent, best, worst)]
    return [
        Judgement(expert.code, parent, *pair, chance.randint(-8, 8), text(chance))
        for pair in tree.pairs(parent)
        if chance.random() < 0.9
    ]


def test_500_studies_are_read_as_they_were_written(tmp_path: Path):
    chance = random.Random(20261130)
    for number in range(500):
        written = study(chance)
        if number % 2:
            write_folder(written, tmp_path / str(number))
            reading = read_folder(tmp_path / str(number))
        else:
            reading = read_zip(zipped(written), "any.zip")
        assert reading.study == written, number
        assert reading.notes == (), number
