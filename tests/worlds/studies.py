"""Random studies: any panel, tree, heights and texts that a study can have."""

from itertools import combinations

from hypothesis import strategies as st

from survey.files.study_folder.columns import skeleton
from survey.values import (
    ANONYMITIES,
    BEST_WORST,
    CANNOT_JUDGE,
    DIRECT,
    GOAL,
    KINDS,
    RATING,
    RATIOS,
    Abstention,
    Allocation,
    Contradiction,
    Expert,
    Extremes,
    Framework,
    Group,
    Indicator,
    Judgement,
    Review,
    Rung,
    ScaleWords,
    Study,
    Table,
    Unit,
)

LANGUAGES = ("zh", "en", "ar", "ru", "tr", "fr", "zh-Hant", "pt-BR")

#: Texts that spreadsheets take for formulas, that CSV quotes, and that look escaped already.
TRAPS = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋", "－", "＠", "'=1", "''=1", "'x", '"')

texts = st.one_of(
    st.sampled_from(TRAPS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
).filter(lambda text: text.strip() != "")

#: Text of a cell without blanks around it.
words = texts.map(str.strip)

#: A word translated back that tells no strength: a scale whose words fall is refused.
back_words = (
    st.one_of(
        st.sampled_from([trap for trap in TRAPS if "1" not in trap]),
        st.text("xyzχψщ ,;\"'", min_size=1, max_size=12),
    )
    .map(str.strip)
    .filter(bool)
)

names = st.dictionaries(st.sampled_from(LANGUAGES), texts, max_size=3)

codes = st.from_regex(r"[a-zA-Z0-9数字é][a-z0-9_.数-]{0,5}", fullmatch=True).filter(
    lambda code: code not in (GOAL, "city")
)

reasons = st.one_of(st.just(""), st.sampled_from(CANNOT_JUDGE), texts)


@st.composite
def directions_beside(draw, groups):
    """Draw groups and other texts, no two of which look alike."""
    others = draw(st.lists(texts.filter(skeleton), max_size=3, unique_by=skeleton))
    taken = {skeleton(group) for group in groups}
    return ["", *groups, *(text for text in others if skeleton(text) not in taken)]


@st.composite
def frameworks(draw):
    groups = draw(st.integers(1, 3))
    sizes = draw(st.lists(st.integers(1, 4), min_size=groups, max_size=groups))
    unique = draw(
        st.lists(
            codes, unique_by=skeleton, min_size=groups + sum(sizes), max_size=groups + sum(sizes)
        )
    )
    group_codes, leaves = unique[:groups], iter(unique[groups:])
    return Framework(
        tuple(Group(code, draw(names)) for code in group_codes),
        tuple(
            draw(indicators(next(leaves), group))
            for group, size in zip(group_codes, sizes, strict=True)
            for _ in range(size)
        ),
    )


@st.composite
def indicators(draw, code, group):
    top = draw(st.integers(1, 5))
    described = draw(st.booleans())
    rungs = tuple(Rung(level, draw(names)) for level in range(1, top + 1)) if described else ()
    return Indicator(code, group, draw(names), top, rungs)


@st.composite
def studies(draw):
    """Draw a study whose experts answer, abstain or are silent, by group and by pair."""
    framework = draw(frameworks())
    directions = draw(directions_beside([group.code for group in framework.groups]))
    panel = tuple(
        Expert(
            code=code,
            direction=draw(st.sampled_from(directions)),
            language=draw(st.sampled_from(LANGUAGES)),
            kind=draw(st.sampled_from(KINDS)),
            name=draw(st.one_of(st.just(""), texts)),
            seed=draw(st.one_of(st.none(), st.integers(0, 2**31 - 1))),
        )
        for code in draw(st.lists(codes, unique_by=skeleton, min_size=1, max_size=4))
    )
    answers = [
        answer
        for expert in panel
        for parent in framework.parents
        for answer in draw(answers_under(framework, expert, parent))
    ]
    return Study(
        code=draw(codes),
        framework=framework,
        panel=panel,
        judgements=tuple(a for a in answers if isinstance(a, Judgement)),
        allocations=tuple(a for a in answers if isinstance(a, Allocation)),
        abstentions=tuple(a for a in answers if isinstance(a, Abstention)),
        extremes=tuple(a for a in answers if isinstance(a, Extremes)),
        scale=draw(scales),
        reviews=tuple(
            draw(reviews(framework, expert, parent))
            for expert in panel
            for parent in framework.parents
            if len(framework.children(parent)) > 1 and draw(st.booleans())
        ),
        units=draw(units(framework)),
        tables=draw(tables(framework)),
        titles=draw(names),
        contact=draw(st.one_of(st.just(""), texts)),
        notices=draw(names),
        purposes=draw(names),
        anonymity=draw(st.sampled_from(ANONYMITIES)),
        salt=draw(st.sampled_from(["", "0123456789abcdef" * 4])),
    )


scales = st.lists(
    st.builds(
        ScaleWords,
        st.sampled_from(LANGUAGES),
        st.integers(1, 99),
        st.fixed_dictionaries(dict.fromkeys(RATIOS, words)),
        st.dictionaries(st.sampled_from(RATIOS), back_words, max_size=2),
    ),
    max_size=2,
    unique_by=lambda said: said.language,
).map(tuple)


@st.composite
def answers_under(draw, framework, expert, parent):
    if draw(st.integers(0, 5)) == 0:
        return [Abstention(expert.code, parent, reason=draw(reasons))]
    if expert.kind == DIRECT:
        return draw(allocations(framework, expert, parent))
    if expert.kind == RATING:
        return draw(ratings(framework, expert, parent))
    if expert.kind == BEST_WORST and len(framework.children(parent)) > 2:
        return draw(stars(framework, expert, parent))
    return [
        answer
        for first, second in framework.pairs(parent)
        for answer in draw(answers_to(expert, parent, first, second))
    ]


@st.composite
def answers_to(draw, expert, parent, first, second):
    kind = draw(st.sampled_from(("judged", "judged", "judged", "abstained", "silent")))
    if kind == "judged":
        steps = draw(st.integers(-8, 8))
        return [Judgement(expert.code, parent, first, second, steps, draw(reasons))]
    if kind == "abstained":
        return [Abstention(expert.code, parent, first, second, draw(reasons))]
    return []


@st.composite
def stars(draw, framework, expert, parent):
    """Draw the best and the worst, and some judgements of the star, in its direction."""
    children = framework.children(parent)
    best, worst = draw(st.permutations(children))[:2]
    star = Extremes(expert.code, parent, best, worst)
    answers = [star]
    toward = dict.fromkeys(star.pairs(children), 1)
    for first, second in framework.pairs(parent):
        sign = toward.get((first, second)) or -toward.get((second, first), 0)
        if sign and draw(st.booleans()):
            steps = sign * draw(st.integers(0, 8))
            answers.append(Judgement(expert.code, parent, first, second, steps, draw(reasons)))
    return answers


@st.composite
def ratings(draw, framework, expert, parent):
    children = framework.children(parent)
    given = draw(
        st.lists(
            st.floats(0, 10, allow_subnormal=False), min_size=len(children), max_size=len(children)
        ).filter(lambda given: sum(given) > 0)
    )
    return [
        Allocation(expert.code, parent, child, number)
        for child, number in zip(children, given, strict=True)
    ]


@st.composite
def reviews(draw, framework, expert, parent):
    children, pairs = framework.children(parent), list(framework.pairs(parent))
    triads = list(combinations(children, 3))
    kinds = st.sampled_from(("circle", "strength", "end-of-scale"))
    shown = draw(st.lists(st.sampled_from(triads), unique=True, max_size=3)) if triads else []
    judged = st.lists(st.integers(-8, 8), min_size=len(pairs), max_size=len(pairs)).map(
        lambda steps: tuple((*pair, step) for pair, step in zip(pairs, steps, strict=True))
    )
    return Review(
        expert=expert.code,
        parent=parent,
        verdict=draw(st.sampled_from(("", "looks-right", "off"))),
        reason=draw(st.one_of(st.just(""), texts)),
        shown=tuple(Contradiction(draw(kinds), triad) for triad in shown),
        before=draw(judged),
        after=draw(st.one_of(st.none(), judged)),
    )


@st.composite
def allocations(draw, framework, expert, parent):
    children = framework.children(parent)
    cuts = draw(
        st.lists(
            st.floats(0, 100, allow_subnormal=False),
            min_size=len(children) - 1,
            max_size=len(children) - 1,
        )
    )
    ends = [0.0, *sorted(cuts), 100.0]
    return [
        Allocation(expert.code, parent, child, ends[place + 1] - ends[place])
        for place, child in enumerate(children)
    ]


@st.composite
def units(draw, framework):
    return tuple(
        Unit(
            code=code,
            names=draw(names),
            levels={
                i.code: draw(st.integers(0, i.top))
                for i in framework.indicators
                if draw(st.integers(0, 4))
            },
            country=draw(st.one_of(st.just(""), texts)),
            capital=draw(st.sampled_from((None, True, False))),
            **draw(places),
        )
        for code in draw(st.lists(codes, unique_by=skeleton, max_size=5))
    )


places: st.SearchStrategy[dict[str, float]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}),
)


@st.composite
def tables(draw, framework):
    groups = [group.code for group in framework.groups]
    return tuple(
        Table(
            code,
            draw(names),
            tuple(draw(st.lists(st.sampled_from(groups), unique=True, min_size=1))),
        )
        for code in draw(st.lists(codes.filter(_is_no_column), unique_by=skeleton, max_size=3))
    )


def _is_no_column(code):
    """Whether scores.csv has no column of this name beside those of the tables."""
    return code not in ("name", "country", "notice")
