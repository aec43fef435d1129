"""Searches of every kind, as trees."""

from hypothesis import strategies as st

from studymaster.features.flashcards.rules.language import MOST_DAYS
from studymaster.features.flashcards.rules.search import (
    FRACTIONS,
    Added,
    Figure,
    Flag,
    Is,
    Name,
    Named,
    Pattern,
    Prop,
    Rated,
    Relation,
    Standing,
    Wild,
    Words,
    conjunction,
    disjunction,
    negation,
    read_pattern,
)

SIGNS = 'abcAB01 _*-:()"\\or#.%äπ日'

texts = st.text(st.sampled_from(SIGNS), min_size=1, max_size=4)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Draw words with wildcards between them."""
    first = draw(texts)
    more = draw(st.lists(st.tuples(st.sampled_from(Wild), texts), max_size=2))
    return Pattern((first, *(part for pair in more for part in pair)))


days = st.integers(1, 400)
leaf_nodes = st.one_of(
    patterns().map(Words),
    st.builds(Named, st.sampled_from(Name), st.just(read_pattern("b_o*"))),
    st.builds(Is, st.sampled_from(Standing)),
    st.builds(Flag, st.integers(0, 7)),
    st.builds(Added, days | st.just(MOST_DAYS)),
    st.builds(Rated, days, st.none() | st.integers(1, 4)),
    st.builds(
        Prop,
        st.sampled_from([Figure.INTERVAL, Figure.ANSWERS, Figure.DUE, Figure.LAPSES]),
        st.sampled_from(Relation),
        st.integers(-400, 400),
    ),
    st.builds(
        Prop,
        st.sampled_from(sorted(FRACTIONS)),
        st.sampled_from(Relation),
        st.integers(0, 99_999),
    ),
)


def trees(leaf: st.SearchStrategy = leaf_nodes) -> st.SearchStrategy:
    """Draw searches in which anything stands inside anything."""
    return st.recursive(
        leaf,
        lambda inner: (
            inner.map(negation)
            | st.lists(inner, max_size=3).map(conjunction)
            | st.lists(inner, min_size=1, max_size=3).map(disjunction)
        ).filter(is_readable),
        max_leaves=8,
    )


def is_readable(tree) -> bool:
    """Say whether a tree can be typed: `()` asks for every card, but nobody can write it."""
    parts = getattr(tree, "parts", None) or (
        (tree.part,) if hasattr(tree, "part") else None
    )
    if parts is None:
        return not hasattr(tree, "parts")
    return all(is_readable(part) for part in parts)
