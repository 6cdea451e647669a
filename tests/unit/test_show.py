"""`msrisk rules show`: everything that has an id or a name, in words, with its file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from msrisk.errors import RuleSetError
from msrisk.loading import placed_in
from msrisk.model.rules import RuleSet
from tests.unit.cli_runs import Capture, run
from tests.unit.rule_files import Edit, edited

MORE = """
[[drug_class]]
id = "strong-sleep-medicine"
name = "strong sleep medicine"
definition = "what makes one sleep at once"
within = ["sleep-medicine"]

[[drug]]
id = "snoozine"
name = "snoozine"
codes = { rxnorm = ["7"] }
classes = [
  { id = "strong-sleep-medicine", basis = "judged", why = "a test says so", not_by = ["skin"] },
]
source = "made up"

[[drug]]
id = "dozine"
name = "dozine"
classes = [
  { id = "sleep-medicine", basis = "judged", why = "it may be", ask_route = true },
]
source = "made up"

[[drug]]
id = "plainol"
name = "plainol"
source = "made up"

[[drug]]
id = "dormal-snoozine"
name = "dormal with snoozine"
names = ["Dormazine"]
ingredients = ["dormal", "snoozine"]
source = "made up"

[[topic]]
id = "long-flight"
name = "a long flight"
names = ["Dormalin"]

[[condition]]
id = "deep-yawning-disease"
name = "deep yawning disease"
within = ["yawning-disease"]
implies = ["sleep-medicine"]
source = "made up"

[[confusable]]
names = ["dormal", "dozine"]
source = "made up"

[[words]]
kind = "route"
id = "skin"
about = "where it is put"
words = ["on the skin"]
atc = ["Q05"]
"""

MORE_EVIDENCE = """
[[item]]
id = "e002"
statement = "Somebody yawned."
qualifies = ["sunroot-sleeper"]
references = ["yawn-report"]
certainty = "moderate"
why = "it was read in a hurry"

[[reference]]
id = "yawn-report"
kind = "case report"
authors = "Nobody N"
year = "undated"
place = "Yawns 2"
pmid = "7"
read = "abstract"
checked = { on = "2026-01-31", by = "a copy", retraction = "none found" }
"""
NAP_TRIAL = (
    "Somebody S. 1999. Sunroot and naps. Naps 1:1. "
    "PMID 123; DOI 10.1234/naps; PMC123; nap 1; NCT01234567"
)


@pytest.fixture(name="rules")
def small_rules(tmp_path: Path) -> Path:
    return edited(tmp_path, [Edit("vocabulary/sleep/more.toml", content=MORE)])


def shown(capsys: Capture, rules: Path, *name: str) -> list[str]:
    """Return what is shown: a line for each label, however it was wrapped."""
    code, out, err = run(capsys, "rules", "show", *name, "--rules", str(rules))
    assert (code, err) == (0, "")
    return re.sub(r"\n {18}", " ", out).splitlines()


def labelled(lines: list[str], label: str) -> list[str]:
    return [line[18:] for line in lines if line.startswith(f"  {label:<16}")]


def test_a_medicine_is_shown_by_its_id_its_names_and_its_brands(
    capsys: Capture, rules: Path
) -> None:
    by_id = shown(capsys, rules, "dormal")
    assert by_id[:8] == [
        "dormal",
        "  kind            medicine",
        "  name            dormal",
        "  names           Dormalin",
        "  atc             Q05CA01",
        "  class           sleep-medicine (labelled: its package says so)",
        "  source          made up",
        "  file            vocabulary/everything.toml:7",
    ]


def test_a_name_that_stands_for_several_things_shows_them_all_the_nearest_first(
    capsys: Capture, rules: Path
) -> None:
    lines = shown(capsys, rules, "dormalin")
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "dormal", "long-flight",
    ]  # fmt: skip
    kinds = labelled(shown(capsys, rules, "dormal"), "kind")
    assert kinds == ["medicine", "names of different products that are mistaken for one another"]


def test_words_are_compared_as_recognition_compares_them(capsys: Capture, rules: Path) -> None:
    assert shown(capsys, rules, "Dormal", "with", "SNOOZINE")[0] == "dormal-snoozine"


def test_a_combination_has_the_classes_of_its_parts(capsys: Capture, rules: Path) -> None:
    lines = shown(capsys, rules, "Dormazine")
    assert labelled(lines, "kind") == ["combination of medicines"]
    assert labelled(lines, "ingredients") == ["dormal, snoozine"]
    assert labelled(lines, "class") == [
        "sleep-medicine, by dormal (labelled: its package says so)",
        "strong-sleep-medicine, by snoozine (judged: a test says so); not by skin",
    ]


def test_what_a_membership_hangs_on_is_told(capsys: Capture, rules: Path) -> None:
    assert labelled(shown(capsys, rules, "dozine"), "class") == [
        "sleep-medicine (judged: it may be); the name alone leaves it open"
    ]
    assert labelled(shown(capsys, rules, "plainol"), "class") == [
        "none of the classes that the rules speak of"
    ]


def test_a_class_is_shown_with_its_definition_and_the_number_of_its_members(
    capsys: Capture, rules: Path
) -> None:
    assert shown(capsys, rules, "sleep-medicine") == [
        "sleep-medicine",
        "  kind            class of medicines with 4 members",
        "  name            sleep medicine",
        "  definition      what is taken for sleep",
        "  counted as it   strong-sleep-medicine",
        "  ATC groups      Q05C",
        "  spoken of by    sunroot-sleeper",
        "  file            vocabulary/everything.toml:1",
    ]
    assert labelled(shown(capsys, rules, "strong-sleep-medicine"), "within") == ["sleep-medicine"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("yawning-disease", "medical condition"),
        ("long-flight", "topic, told among the conditions and no illness"),
        ("sunroot-pollen", "allergen"),
        ("yawning", "symptom"),
        ("moonroot", "supplement that no rule covers"),
        ("sunroot", "substance that rules cover"),
        ("root", "words that leave open what is meant, or say it of a group"),
        ("nothing", "words of the kind none, 1 in this list"),
        ("leaflet", "source: lay text, 4 passages"),
        ("age_years", "field of the profile"),
        ("sunroot-dozer", "id that is gone and is never used again"),
        ("sunroot-sleeper", "caution, brings the level CAUTION"),
        ("scope-leaflet", "scope, said whatever the profile"),
        ("sunroot-claim-harmless", "claim of a source, shown beside what disputes it; lowers"),
        ("most-a-day", "threshold: most that the leaflet speaks of"),
    ],
)
def test_everything_with_an_id_or_a_name_can_be_shown(
    name: str, kind: str, capsys: Capture, rules: Path
) -> None:
    lines = shown(capsys, rules, name)
    assert lines[0] == name
    assert labelled(lines, "kind")[0].startswith(kind)
    assert labelled(lines, "file")


def test_a_condition_tells_what_it_counts_as_and_what_its_words_imply(
    capsys: Capture, rules: Path
) -> None:
    lines = shown(capsys, rules, "deep yawning disease")
    assert labelled(lines, "within") == ["yawning-disease"]
    assert labelled(lines, "implies") == ["sleep-medicine"]
    assert labelled(lines, "source") == ["made up"]
    above = shown(capsys, rules, "yawning-disease")
    assert labelled(above, "counted as it") == ["deep-yawning-disease"]
    assert labelled(above, "icd_10_cm") == ["X10.1"]
    assert labelled(above, "source") == []


def test_a_route_is_shown_by_its_id_and_by_its_words(capsys: Capture, rules: Path) -> None:
    for name, title in (("skin", "skin"), ("on the skin", "skin")):
        lines = shown(capsys, rules, name)
        assert lines[0] == title
        assert labelled(lines, "route") == ["skin"]
        assert labelled(lines, "what they say") == ["where it is put"]
        assert labelled(lines, "ATC groups") == ["Q05"]


def test_what_open_words_may_mean_is_told_with_the_reason(capsys: Capture, rules: Path) -> None:
    lines = shown(capsys, rules, "root")
    assert labelled(lines, "possibly") == ["sunroot, moonroot"]
    assert labelled(lines, "certainly") == []
    assert labelled(lines, "because") == ["there are two roots"]


def test_a_substance_is_shown_with_its_rules(capsys: Capture, rules: Path) -> None:
    assert labelled(shown(capsys, rules, "sunroot"), "rules") == ["scope-leaflet, sunroot-sleeper"]


def test_an_item_of_evidence_is_shown_with_what_was_counted_and_where_it_stands(
    capsys: Capture, tmp_path: Path
) -> None:
    rules = edited(tmp_path, [Edit("evidence/naps.toml", add=MORE_EVIDENCE)])
    assert shown(capsys, rules, "e001") == [
        "e001",
        "  kind            item of evidence, cited as E001",
        "  statement       In a made-up trial people on sunroot napped more often.",
        "  figures         gardeners; 40; 100 mg a day; 2 weeks; 3 naps against 1; one fall",
        "  frequency       1 in 20",
        "  corroborates    sunroot-sleeper",
        "  contradicts     sunroot-claim-harmless",
        "  certainty       high: the abstract says it",
        f"  reference       {NAP_TRIAL}",
        "  file            evidence/naps.toml:5",
    ]
    assert shown(capsys, rules, "E001")[0] == "e001"
    uncounted = shown(capsys, rules, "e002")
    assert labelled(uncounted, "figures") == []
    assert labelled(uncounted, "frequency") == ["unknown"]
    assert labelled(uncounted, "reference") == ["Nobody N. undated. Yawns 2. PMID 7"]


def test_a_reference_is_shown_with_what_was_read_and_what_became_of_it(
    capsys: Capture, tmp_path: Path
) -> None:
    rules = edited(tmp_path, [Edit("evidence/naps.toml", add=MORE_EVIDENCE)])
    corrected = shown(capsys, rules, "nap-trial")
    assert labelled(corrected, "kind") == ["randomised trial"]
    assert labelled(corrected, "read") == ["abstract: first lines"]
    assert labelled(corrected, "checked") == ["2026-01-31, a copy; retraction corrected"]
    assert labelled(corrected, "changed") == ["the second table"]
    assert labelled(corrected, "items") == ["E001"]
    clean = shown(capsys, rules, "yawn-report")
    assert labelled(clean, "read") == ["abstract"]
    assert labelled(clean, "checked") == ["2026-01-31, a copy; retraction none found"]
    assert labelled(clean, "changed") == []
    assert labelled(clean, "items") == ["E002"]


def test_a_name_that_is_not_there_suggests_those_that_are_near(
    capsys: Capture, rules: Path
) -> None:
    expected = ": expected an id, or a name or word of the vocabulary\n"
    for asked, meant in (
        ("plainool", " (did you mean `plainol`?)"),
        ("Dormalim", " (did you mean `Dormalin` or `dormal`?)"),
        ("dormal-snoozin", " (did you mean `dormal-snoozine` or `dormal with snoozine`?)"),
        ("qqqq", ""),
        ("...", ""),
        ("", ""),
    ):
        said = f"nothing in the rules is called `{asked}`{meant}{expected}"
        assert run(capsys, "rules", "show", asked, "--rules", str(rules)) == (2, "", said)


def test_every_object_has_the_line_on_which_its_table_begins(rules: Path) -> None:
    seen = set()
    for one in placed_in(rules):
        file, _, line = one.place.partition(":")
        if line:
            head = (rules / file).read_text("utf-8").splitlines()[int(line) - 1]
            assert head in {f"[[{one.name.split()[0]}]]", f"[{one.name.split()[0]}]"}
            seen.add(head)
        else:
            assert file in {"ruleset.toml", "sources/leaflet.toml"}
    assert {"[substance]", "[[drug]]", "[[words]]", "[[field]]"} <= seen


def test_an_entry_that_is_written_without_a_head_of_its_own_has_its_file_alone(
    tmp_path: Path,
) -> None:
    content = 'symptom = [{ id = "blinking", name = "blinking" }]\n'
    rules = edited(tmp_path, [Edit("vocabulary/eyes.toml", content=content)])
    (blinking,) = (one for one in placed_in(rules) if one.name == "symptom `blinking`")
    assert blinking.place == "vocabulary/eyes.toml"


def test_places_of_rules_that_were_broken_meanwhile_are_a_defect(tmp_path: Path) -> None:
    rules = edited(tmp_path)
    RuleSet.load(rules)
    Edit("vocabulary/everything.toml", 'name = "yawning disease"', "name = 5").apply(rules)
    with pytest.raises(RuleSetError, match="expected text, got a number"):
        placed_in(rules)
