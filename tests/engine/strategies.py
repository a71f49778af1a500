"""Node trees as people and accidents write them: the format's own words in likely and unlikely places."""

from hypothesis import strategies as st

from flows.engine.format import BLOCKS, HEADER, LISTING, SENTENCE, SUBDIALOG, Key
from flows.engine.model import AUTH_LEVELS, CHANNELS, LEVELS, RESERVED
from flows.engine.source import Mapping, Node, Scalar, Sequence
from tests.engine.lint_world import SIGNATURES

BLOCK_NAMES = ["pin", "offices", "office", "details", "none", "book"]
WORDS = [
    "",
    "no",
    "Enter {pin}.",
    "{office.name} {offices.count}",
    "{book.booking} }",
    "languages",
    "offices.offices",
    "pincode",
    "digits 8",
    "words 2 to 9",
    "pin",
    "20",
    "7",
    "yes",
    "offer",
    "lpg",
    "say",
    *BLOCK_NAMES,
    *RESERVED,
    *SIGNATURES,
    *AUTH_LEVELS,
    *LEVELS,
    *CHANNELS,
]
KEYS = sorted(
    {key.name for keys in (*BLOCKS.values(), HEADER, SUBDIALOG, LISTING, SENTENCE) for key in keys}
    | {"found", "near", "unknown_pin", "a", "1", "", "é"}
    | set(BLOCK_NAMES)
)
scalars = st.builds(Scalar, st.sampled_from(WORDS) | st.text(max_size=8), st.integers(1, 99))
keys = st.builds(Scalar, st.sampled_from(KEYS), st.integers(1, 99))


def _mapping(
    names: st.SearchStrategy[Scalar], values: st.SearchStrategy[Node], most: int = 5
) -> st.SearchStrategy[Node]:
    entries = st.lists(st.tuples(names, values), max_size=most).map(tuple)
    return st.builds(Mapping, entries, st.integers(1, 99))


nodes: st.SearchStrategy[Node] = st.recursive(
    scalars,
    lambda inner: (
        _mapping(keys, inner) | st.builds(Sequence, st.lists(inner, max_size=4).map(tuple), st.integers(1, 99))
    ),
    max_leaves=12,
)


def _whole(table: tuple[Key, ...]) -> st.SearchStrategy[Node]:
    """All required keys of a table and some of the others, mostly with plain words under them."""

    def built(values: list[Node], kept: list[bool]) -> Node:
        chosen = [key for key, keep in zip(table, kept, strict=True) if keep or key.required]
        return Mapping(tuple((Scalar(key.name, 1), value) for key, value in zip(chosen, values, strict=False)), 1)

    size = len(table)
    values = st.lists(scalars | scalars | nodes, min_size=size, max_size=size)
    return st.builds(built, values, st.lists(st.booleans(), min_size=size, max_size=size))


def _good_block() -> st.SearchStrategy[Node]:
    """Blocks that can be read, leading anywhere."""
    to = st.sampled_from([*BLOCK_NAMES, *RESERVED]).map(lambda name: Scalar(name, 3))
    said = st.sampled_from([word for word in WORDS if word and "}" not in word.replace("}", "", 2)]).map(
        lambda word: Scalar(word, 3)
    )

    def mapping(**values: Node) -> Mapping:
        return Mapping(tuple((Scalar(name, 3), value) for name, value in values.items()), 3)

    ask = st.builds(
        lambda text, expect, then: mapping(ask=text, expect=Scalar(expect, 3), then=then),
        said,
        st.sampled_from(["pincode", "digits 8", "words 2 to 9", "pin", "yes_no", "nonsense"]),
        to,
    )
    tell = st.builds(lambda text, then: mapping(tell=text, sms=Scalar("offer", 3), then=then), said, to)
    choices = st.builds(lambda a, b: mapping(a=a, b=b), said, said) | st.builds(
        lambda label, source: mapping(**{"from": Scalar(source, 3), "label": label}),
        said,
        st.sampled_from(["offices.offices", "book.rows", "languages"]),
    )
    menu = st.builds(lambda text, offered, then: mapping(menu=text, choices=offered, then=then), said, choices, to)
    exits = st.lists(
        st.tuples(st.sampled_from(["found", "near", "unknown_pin", "booked"]).map(lambda name: Scalar(name, 3)), to),
        min_size=1,
        max_size=3,
        unique_by=lambda pair: pair[0].text,
    ).map(lambda pairs: Mapping(tuple(pairs), 3))
    query = st.builds(
        lambda name, given, out: mapping(query=Scalar(name, 3), given=Sequence((given,), 3), exits=out),
        st.sampled_from([*SIGNATURES, "no.such"]),
        st.sampled_from(BLOCK_NAMES).map(lambda name: Scalar(name, 3)),
        exits,
    )
    return ask | tell | menu | query


_good_header = st.sampled_from(AUTH_LEVELS).map(
    lambda auth: Mapping(
        tuple(
            (Scalar(name, 1), Scalar(text, 1))
            for name, text in (
                ("title", "Case"),
                ("level", "help"),
                ("department", "Test"),
                ("owner", "test"),
                ("code", "20"),
                ("auth", auth),
            )
        ),
        1,
    )
)
headers: st.SearchStrategy[Node] = _good_header | _good_header | _whole(HEADER) | _whole(SUBDIALOG) | nodes
_names = st.sampled_from(BLOCK_NAMES).map(lambda name: Scalar(name, 2))
_good_blocks = st.lists(
    st.tuples(_names, _good_block()), min_size=1, max_size=6, unique_by=lambda pair: pair[0].text
).map(lambda pairs: Mapping(tuple(pairs), 2))
_any_block: st.SearchStrategy[Node] = st.one_of(nodes, *map(_whole, BLOCKS.values()))
blocks: st.SearchStrategy[Node] = _good_blocks | _good_blocks | _mapping(_names | keys, _any_block) | nodes
