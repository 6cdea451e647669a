"""What becomes of each passage, and whether the texts are those of the sources."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from attrs import evolve

from msrisk.accountability import Gap, Ground, account
from msrisk.errors import TextError
from msrisk.model.results import Level
from msrisk.model.rules import Review, RuleSet
from msrisk.model.sources import Citation

from .accountability_examples import FILES, NAME, RULES, TEXT, over, sha256, with_contexts

# --- The table, both ways ---


def test_a_passage_says_who_cites_it_or_why_nobody_does() -> None:
    (source,) = account(RULES).sources
    became = [(p.rules, p.claims, p.thresholds, p.context) for p in source.passages]
    assert became == [
        ((), (), (), "heading"),
        (("sunroot-sleeper",), (), (), None),
        ((), ("sunroot-claim-harmless",), (), None),
        ((), (), ("most-a-day",), None),
    ]
    assert [p.cited for p in source.passages] == [False, True, True, True]


def test_a_statement_says_what_it_rests_on_or_why_msrisk_chose_it() -> None:
    made = account(RULES)
    told = {one.id: one for one in made.statements}
    assert list(told) == [
        "scope-leaflet", "sunroot-sleeper", "sunroot-claim-harmless", "grown-up-years",
        "most-a-day",
    ]  # fmt: skip
    rule, claim, limit = (
        told[name] for name in ("sunroot-sleeper", "sunroot-claim-harmless", "most-a-day")
    )
    place = "opening, paragraph 1, sentence 1"
    assert rule.grounds == (Ground("leaflet", place, (2,), whole=False, reason=""),)
    assert (rule.part, rule.kind, rule.level) == ("rule", "caution", Level.CAUTION)
    assert (claim.part, claim.kind, claim.level) == ("claim", "claim", None)
    assert limit.message == "most that the leaflet speaks of: 250.5 mg a day"
    chosen = told["grown-up-years"]
    assert (chosen.grounds, chosen.chosen) == ((), "The leaflet gives no age. (nowhere)")
    assert limit.chosen == ""


def test_a_text_cited_as_a_whole_accounts_for_none_of_its_sentences() -> None:
    scope = account(RULES).statements[0]
    reason = "it is the only text"
    assert scope.grounds == (Ground("leaflet", "the whole text", (), whole=True, reason=reason),)
    alone = evolve(RULES, rules=RULES.rules[:1], claims=(), thresholds=())
    assert account(alone).accounted_for == 1


def test_a_passage_cited_twice_by_one_rule_names_it_once() -> None:
    cites = (Citation("leaflet", (2, 3)), Citation("leaflet", (3,)))
    rule = evolve(RULES.rules[1], cites=cites)
    (source,) = account(evolve(RULES, rules=(rule,))).sources
    assert source.passages[2].rules == (rule.id,)


def test_every_passage_of_the_shipped_rules_is_accounted_for(ruleset: RuleSet) -> None:
    made = account(ruleset)
    assert (made.percentage, made.complete, made.texts_checked) == (100, True, False)
    assert made.total == made.accounted_for == sum(len(s.passages) for s in ruleset.sources)
    assert (made.version, made.digest) == (ruleset.version, ruleset.digest)


def test_the_silences_are_the_rules_of_that_kind_with_the_texts_that_were_read(
    ruleset: RuleSet,
) -> None:
    silences = account(ruleset).silences
    assert "pregnancy" in {one.topic for one in silences}
    assert {one.rule for one in silences} == {
        rule.id for rule in ruleset.rules if rule.kind.value == "silence"
    }
    read = Counter(ground.source for one in silences for ground in one.grounds if ground.whole)
    assert read == dict.fromkeys((s.id for s in ruleset.sources), len(silences))


def test_whether_every_rule_is_signed_is_told() -> None:
    assert account(RULES).clinically_reviewed is False
    signed = tuple(evolve(r, review=Review("pharmacist", "2026-02-01")) for r in RULES.rules)
    assert account(evolve(RULES, rules=signed)).clinically_reviewed is True


# --- The percentage ---


@pytest.mark.parametrize(
    ("contexts", "open_", "percentage"),
    [
        (("heading", None, None, None), [], 100),
        ((None, None, None, None), [1], 75),
        (("heading", None, "framing", None), [3], 75),
        ((None, "benefit", "framing", "background"), [1, 2, 3, 4], 0),
    ],
)
def test_a_passage_neither_cited_nor_explained_or_both_is_not_accounted_for(
    contexts: tuple[str | None, ...], open_: list[int], percentage: int
) -> None:
    made = account(with_contexts(*contexts))
    (source,) = made.sources
    assert [p.n for p in source.passages if not p.accounted_for] == open_
    assert (made.percentage, made.complete) == (percentage, not open_)


def test_the_percentage_is_rounded_down_so_that_100_means_all() -> None:
    (source,) = with_contexts(None, None, None, None).sources
    many = tuple(
        evolve(source.passages[0], n=n, context=None if n == 300 else "framing", paragraph=1,
               sentence=n)
        for n in range(1, 301)
    )  # fmt: skip
    rules = evolve(RULES, sources=(evolve(source, passage=many),), rules=(), claims=())
    assert account(evolve(rules, thresholds=())).percentage == 99


def test_no_passage_at_all_is_not_100_per_cent() -> None:
    made = account(evolve(RULES, sources=(), rules=(), claims=(), thresholds=()))
    assert (made.percentage, made.complete) == (0, False)


# --- What lies in no passage ---


def test_without_the_text_the_gaps_are_known_and_what_they_hold_is_not() -> None:
    (source,) = account(RULES).sources
    assert [(gap.start, gap.end, gap.stray) for gap in source.gaps] == [
        (24, 26, None), (42, 43, None), (58, 64, None),
    ]  # fmt: skip
    assert {p.text for p in source.passages} == {None}


def test_with_the_text_the_sentences_and_the_gaps_are_shown() -> None:
    made = account(RULES, FILES)
    (source,) = made.sources
    assert (
        "".join(p.text or "" for p in source.passages)
        + "".join(gap.text or "" for gap in source.gaps)
        == "# A leaflé & <b>more</b>It may tire you.It hurt nobody.Take one.\n\n \n\n  * \n"
    )
    assert (made.texts_checked, made.strays, made.complete) == (True, 0, True)


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        (f"Before.\n{TEXT}", ["Before.\n"]),
        (TEXT.replace("tire you. ", "tire you. It kills. "), [" It kills. "]),
        (f"{TEXT}\nAfter.", ["\n\nAfter."]),
        (TEXT.rstrip(), []),
        (TEXT.replace("\n\n", "\n\n?\n", 1), ["\n\n?\n"]),
        (TEXT.replace("\n\n", "\n\n---\n\u2003|=~_•>#\n", 1), []),
    ],
)
def test_a_sentence_that_no_passage_holds_is_not_missed(text: str, strays: list[str]) -> None:
    made = account(over(text), {NAME: text.encode()})
    assert [gap.text for gap in made.sources[0].gaps if gap.stray] == strays
    assert (made.strays, made.complete) == (len(strays), not strays)
    assert made.percentage == 100


def test_what_was_not_read_is_not_called_empty() -> None:
    assert Gap(0, 1).stray is None
    assert Gap(0, 1, " ").stray is False


def test_the_text_of_others_stands_in_no_repr() -> None:
    assert "tire" not in repr(account(RULES, FILES).sources)


# --- Texts that are not those of the sources ---


def problems(ruleset: RuleSet, files: dict[str, bytes]) -> list[str]:
    with pytest.raises(TextError) as caught:
        account(ruleset, files)
    return [re.sub("[0-9a-f]{12}…", "…", str(problem)) for problem in caught.value.problems]


def test_a_text_is_found_by_its_digest_whatever_its_name() -> None:
    files = {"b.txt": b"something else", "c.txt": TEXT.encode(), "a.txt": b""}
    assert account(RULES, files).complete


def test_a_text_that_is_not_there_is_named_by_its_source() -> None:
    missing = "source `leaflet`: expected a text file with the SHA-256 …, got none"
    assert problems(RULES, {}) == [missing]
    assert problems(RULES, {"a.txt": b"something else"}) == [missing]


def test_a_changed_text_is_named_with_each_passage_that_is_not_there() -> None:
    changed = TEXT.replace("tire", "rest").removesuffix("one.\n").encode()
    at = "source `leaflet`: passage"
    assert problems(RULES, {NAME: changed}) == [
        (
            f"{NAME}: this is not the text that the rules of `leaflet` were made from: "
            "expected SHA-256 …, got …"
        ),
        f"{at} 2: expected SHA-256 … at characters 26 to 42 of {NAME}, got …",
        f"{at} 4: expected characters 64 to 73 of {NAME}, got a text of 69 characters",
    ]


def test_of_several_changed_texts_the_one_most_like_the_source_is_meant() -> None:
    little = TEXT.replace("tire", "rest").replace("nobody", "no-one")
    least = TEXT.replace("tire", "rest")
    found = problems(RULES, {"a.txt": little.encode(), "b.txt": least.encode()})
    assert [line.partition(":")[0] for line in found] == ["b.txt", "source `leaflet`"]


def test_the_text_of_another_source_is_not_taken_for_a_changed_one() -> None:
    (source,) = RULES.sources
    other = evolve(source, id="other", file_sha256="0" * 64)
    found = problems(evolve(RULES, sources=(source, other)), FILES)
    assert found == ["source `other`: expected a text file with the SHA-256 …, got none"]


def test_a_sentence_beside_the_passages_of_a_changed_text_is_named_too() -> None:
    changed = TEXT.replace("tire", "rest") + "One more."
    found = problems(RULES, {NAME: changed.encode()})
    expected = "expected white space and marks, or a passage, got text in no passage"
    assert found[2:] == [f"source `leaflet`: characters 73 to 83 of {NAME}: {expected}"]
    shifted = TEXT.replace("tire you", "tire you all")
    assert not [line for line in problems(RULES, {NAME: shifted.encode()}) if "no pass" in line]


def test_a_passage_with_a_wrong_digest_is_named_although_the_text_is_the_right_one() -> None:
    (source,) = RULES.sources
    wrong = evolve(source.passages[1], sha256=sha256("another"))
    passages = (source.passages[0], wrong, *source.passages[2:])
    rules = evolve(RULES, sources=(evolve(source, passage=passages),))
    (problem,) = problems(rules, FILES)
    assert problem.startswith("source `leaflet`: passage 2: expected SHA-256 … at characters")


def test_a_file_that_is_no_text_is_a_problem_beside_the_others() -> None:
    assert problems(RULES, {"a.txt": b"ab\xff", **FILES}) == [
        "a.txt: expected text in UTF-8, got something else at byte 3"
    ]
    assert len(problems(RULES, {"a.txt": b"\xff"})) == 2
