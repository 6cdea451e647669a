"""The digest tells content: no change of layout moves it, and every change of content does."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from enum import Enum
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from msrisk.errors import RuleSetError
from msrisk.loading.folder import digest_of
from msrisk.loading.structuring import canonical, plain
from msrisk.model.concepts import Confusable
from msrisk.model.rules import Kind, Review, RuleSet, Withdrawal
from msrisk.model.sources import Citation

from .rule_files import Edit, edited

FOLDER = edited(Path(mkdtemp()), evidence=True)
RULES = RuleSet.load(FOLDER)
# How many tables at the top of a file belong together; the others may come in any order.
HEADS = {
    "ruleset.toml": 2,
    "evidence/naps.toml": 1,
    "substances/every.toml": 1,
    "substances/sunroot.toml": 2,
    "vocabulary/everything.toml": 0,
}

Steps = tuple[object, ...]


def leaves(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Yield the path to every text, number, yes/no and word of a closed set."""
    if attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            yield from leaves(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    elif value is not None:
        yield path


def changed(value: Any, path: Steps, new: Any) -> Any:
    """Return the value with the leaf at the path replaced by what `new` makes of it."""
    if not path:
        return new(value)
    first, rest = path[0], path[1:]
    if attrs.has(type(value)):
        inner = changed(getattr(value, str(first)), rest, new)
        return evolve(value, **{str(attrs.fields_dict(type(value))[str(first)].alias): inner})
    if isinstance(value, Mapping):
        return {**value, first: changed(value[first], rest, new)}
    return tuple(changed(one, rest, new) if at == first else one for at, one in enumerate(value))


def leaf_at(value: Any, path: Steps) -> object:
    for step in path:
        value = getattr(value, str(step)) if attrs.has(type(value)) else value[step]
    return value


def others(leaf: object) -> Iterator[object]:
    """Yield values that a leaf might have instead; the model refuses some of them."""
    if isinstance(leaf, bool):
        yield not leaf
    elif isinstance(leaf, Enum):
        yield from (one for one in type(leaf) if one is not leaf)
    elif isinstance(leaf, str):
        yield from (f"{leaf}x", f"f{leaf[1:]}", "professional", "framing", "2026-01-31", "")
    else:
        assert isinstance(leaf, int | float)
        yield from (leaf + 1, leaf + 0.5)


PATHS = [path for path in leaves(RULES) if path not in {("digest",), ("released",)}]
# What cannot change alone: the other half of the same statement stands beside it.
BOUND = {"whole", "reason", "reference", "role", "on", "kind", "paragraph", "sentence"}
BOUND |= {"source", "evidence", "certainty", "outcome"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_every_change_of_content_moves_the_digest(path: Steps) -> None:
    moved = 0
    leaf = leaf_at(RULES, path)
    for other in (one for one in others(leaf) if one != leaf):
        try:
            after = changed(RULES, path, lambda _, other=other: other)
        except RuleSetError:
            continue
        moved += 1
        assert digest_of(after) != RULES.digest
    assert moved or path[-1] in BOUND or "trials" in path


def test_what_cannot_change_alone_moves_the_digest_with_its_other_half() -> None:
    naps, scope, sleeper = RULES.rules
    years, most = RULES.thresholds
    (leaflet,) = RULES.sources
    heading, sentence, *rest = leaflet.passages
    halves: list[dict[str, Any]] = [
        {"rules": (naps, scope, evolve(sleeper, review=Review("neurologist", "2026-01-31")))},
        {
            "rules": (
                naps,
                scope,
                evolve(sleeper, cites=(Citation("leaflet", whole=True, reason="so"),)),
            )
        },
        {"rules": (naps, evolve(scope, kind=Kind.ADVICE), sleeper)},
        {"rules": (evolve(naps, cites=(Citation(evidence="e002"),)), scope, sleeper)},
        {"rules": (evolve(naps, cites=(Citation("leaflet", (2,)),)), scope, sleeper)},
        {"references": (evolve(RULES.references[0], trials=("NCT76543210",)),)},
        {"evidence": (evolve(RULES.evidence[0], certainty="moderate"),)},
        {"searched": (evolve(RULES.searched[0], outcome="rejected"),)},
        {"thresholds": (years, evolve(most, cites=(), reason="so", reference="there"))},
        {
            "sources": (
                evolve(
                    leaflet, passage=(heading, evolve(sentence, paragraph=0, sentence=0), *rest)
                ),
            )
        },
    ]
    digests = {digest_of(evolve(RULES, **half)) for half in halves}
    assert len(digests | {RULES.digest}) == len(halves) + 1


def test_every_part_of_a_rule_set_is_among_what_is_changed() -> None:
    parts = {str(path[0]) for path in PATHS}
    assert parts == {one.name for one in attrs.fields(RuleSet)} - {
        "digest",
        "withdrawn",
        "roles",
        "released",
    }


def test_names_that_are_mistaken_for_one_another_move_the_digest() -> None:
    pair = Confusable(("dormal", "dormalin"), "made up")
    words = evolve(RULES.vocabulary, confusables=(pair,))
    assert digest_of(evolve(RULES, vocabulary=words)) != RULES.digest


def test_what_is_left_out_moves_the_digest() -> None:
    for name in ("rules", "claims", "thresholds", "fields", "sources", "substances", "packs"):
        fewer = evolve(RULES, **{name: getattr(RULES, name)[:-1]})
        assert digest_of(fewer) != RULES.digest


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, str]:
    """Return the files of the small rule set with their tables in another order and place."""
    files: dict[str, str] = {}
    for name, head in HEADS.items():
        tables = (FOLDER / name).read_text("utf-8").replace("\n[", "\0[").split("\0")
        shuffled = draw(st.permutations(tables[head:]))
        if name.startswith("vocabulary"):
            for table in shuffled:
                file = draw(st.sampled_from(["a.toml", "b.toml", "c.toml"]))
                files[f"vocabulary/{file}"] = f"{files.get(f'vocabulary/{file}', '')}\n{table}"
        else:
            files[name] = "\n".join([*tables[:head], *shuffled])
    return files


@given(layouts())
@settings(max_examples=40, deadline=None)
def test_no_order_of_tables_and_no_division_into_files_moves_the_digest(
    files: dict[str, str],
) -> None:
    edits = [Edit(name, content=content) for name, content in files.items()]
    with tempfile.TemporaryDirectory() as folder:
        root = edited(Path(folder), [Edit("vocabulary/everything.toml"), *edits])
        assert RuleSet.load(root).digest == RULES.digest


SUNROOT = "substances/sunroot.toml"
EVERYTHING = "vocabulary/everything.toml"


@pytest.mark.parametrize(
    "edit",
    [
        Edit(SUNROOT, add="# a note of no consequence\n"),
        Edit(SUNROOT, 'kind = "caution"\nbasis = "stated"', 'basis = "stated"\nkind = "caution"'),
        Edit(EVERYTHING, 'name = "moonroot"', 'name = "moonroot"\nnames = []'),
        Edit(EVERYTHING, '["sunroot", "moonroot"]', '["moonroot", "sunroot"]'),
        Edit("sources/leaflet.toml", "start = 11\nend = 20", "end = 20\nstart = 11"),
    ],
    ids=["comment", "key order", "empty list", "list order", "passage keys"],
)
def test_no_other_way_to_write_the_same_moves_the_digest(edit: Edit, tmp_path: Path) -> None:
    assert RuleSet.load(edited(tmp_path, [edit], evidence=True)).digest == RULES.digest


def test_moving_the_file_of_a_substance_does_not_move_the_digest(tmp_path: Path) -> None:
    content = (FOLDER / "substances" / "sunroot.toml").read_text("utf-8")
    edits = [Edit("substances/sunroot.toml"), Edit("substances/root-of-sun.toml", content=content)]
    assert RuleSet.load(edited(tmp_path, edits, evidence=True)).digest == RULES.digest


def test_a_withdrawn_rule_set_is_known_by_the_same_digest() -> None:
    withdrawn = evolve(RULES, withdrawn=Withdrawal("2026-01-31", "a wrong rule"))
    assert digest_of(withdrawn) == RULES.digest


def test_the_day_of_a_version_is_no_part_of_its_content() -> None:
    assert digest_of(evolve(RULES, released="2026-01-31")) == RULES.digest


def test_the_digest_is_that_of_sha_256() -> None:
    name, _, digits = RULES.digest.partition(":")
    assert name == "sha256"
    assert len(digits) == 64
    assert set(digits) <= set("0123456789abcdef")


def sorted_throughout(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): sorted_throughout(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        parts = map(sorted_throughout, value)
        return sorted(parts, key=lambda one: json.dumps(one, sort_keys=True))
    return value


LETTERS = st.sampled_from('aß\x7f\u2028é😀\ufb01"\\\n') | st.characters(codec="utf-8")
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(LETTERS, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(LETTERS, max_size=3) | st.integers(), inner, max_size=4)
    ),
)


@given(PLAIN)
@settings(max_examples=400, deadline=None)
def test_what_is_digested_is_json_with_its_keys_and_the_ascii_of_its_lists_in_order(
    value: object,
) -> None:
    expected = json.dumps(sorted_throughout(value), ensure_ascii=False, sort_keys=True)
    assert canonical(value) == expected


def test_what_is_kept_of_each_object_makes_the_digest_of_the_whole() -> None:
    shipped = RuleSet.default()
    content = plain(evolve(shipped, digest=""))
    for one in ("digest", "withdrawn", "roles", "released", "retired"):
        del content[one]
    text = json.dumps(sorted_throughout(content), ensure_ascii=False, sort_keys=True)
    assert (bool(shipped.retired), bool(shipped.vocabulary.confusables)) == (False, True)
    assert shipped.digest == f"sha256:{sha256(text.encode()).hexdigest()}" == digest_of(shipped)
