"""Files → rule set: everything that is there, or every defect by file, entry and path."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from msrisk.errors import MsriskError, RuleSetError
from msrisk.loading import load_cases
from msrisk.model import conditions
from msrisk.model.concepts import ConceptKind, MemberBasis
from msrisk.model.quantities import Unit
from msrisk.model.rules import RuleSet

from .rule_files import SMALL_RULES, Edit, edited

BAD_RULES = sorted((Path(__file__).parent.parent / "bad_rules").glob("*.toml"))
SUNROOT = "substances/sunroot.toml"
SLEEPER = f"{SUNROOT}: rule `sunroot-sleeper`"
YEARS = "ruleset.toml: threshold `grown-up-years`"

CASE = """
[[case]]
id = "sleeper"
says = "Somebody who takes dormal."
rule = "sunroot-sleeper"
outcome = "finding"
level = "caution"
worst_case = "caution"
findings = ["sunroot-sleeper"]
open_questions = []
intake = { format = "msrisk-intake/1", medications = ["dormal"] }
"""


def problem_of(root: Path) -> str:
    with pytest.raises(RuleSetError) as caught:
        RuleSet.load(root)
    return str(caught.value)


@pytest.mark.parametrize("path", BAD_RULES, ids=lambda path: path.stem)
def test_every_defect_is_reported_in_full(path: Path, tmp_path: Path) -> None:
    defect = tomllib.loads(path.read_text("utf-8"))
    root = edited(tmp_path, [Edit(**edit) for edit in defect["edit"]])
    assert problem_of(root) == defect["expected"].replace("{folder}", str(tmp_path))


def test_there_is_a_file_for_every_kind_of_defect() -> None:
    assert len(BAD_RULES) > 150


def test_every_message_is_one_line_without_names_of_python_types() -> None:
    words = [str(tomllib.loads(path.read_text("utf-8"))["expected"]) for path in BAD_RULES]
    for line in "\n".join(words).splitlines():
        where, expected, _ = line.partition(": expected ")
        assert where
        assert expected
        assert not line.endswith(".")
        assert not {"str", "int", "float", "dict", "NoneType", "tuple"} & set(line.split())


# What would be too long or too deep to read in a file of its own.
@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            Edit("vocabulary/more.toml", content=f"value = {'9' * 5_000}\n"),
            "vocabulary/more.toml: expected TOML, got a number of too many digits",
        ),
        (
            Edit("vocabulary/more.toml", content=f"value = {'[' * 5_000}\n"),
            "vocabulary/more.toml: expected TOML, got too many tables or lists inside each other",
        ),
        (
            Edit("ruleset.toml", "value = 21", f"value = 1{'0' * 400}"),
            f"{YEARS}: value: expected a number above 0 and below 1000000",
        ),
        (
            Edit(
                SUNROOT,
                '{ kind = "takes", drug_class = "sleep-medicine" }',
                '{ kind = "any", of = [' * 45 + '{ kind = "taking" }' + "] }" * 45,
            ),
            f"{SLEEPER}: expected at most 40 tables and lists inside each other",
        ),
    ],
    ids=["long number", "deep list", "large number", "deep condition"],
)
def test_a_file_of_absurd_size_or_depth_is_a_defect_like_any_other(
    edit: Edit, expected: str, tmp_path: Path
) -> None:
    assert problem_of(edited(tmp_path, [edit])) == expected


def test_a_folder_or_link_that_cannot_be_read_as_a_file_is_reported(tmp_path: Path) -> None:
    root = edited(tmp_path)
    (root / "vocabulary" / "folder.toml").mkdir()
    (root / "vocabulary" / "link.toml").symlink_to(root / "nowhere")
    assert problem_of(root).splitlines() == [
        "vocabulary/folder.toml: expected a .toml file, or nothing here",
        "vocabulary/link.toml: expected a .toml file, or nothing here",
    ]


def test_the_vocabulary_may_lie_in_folders_and_is_the_same(tmp_path: Path) -> None:
    content = (SMALL_RULES / "vocabulary" / "everything.toml").read_text("utf-8")
    edits = [
        Edit("vocabulary/everything.toml"),
        Edit("vocabulary/roots/deep/everything.toml", content=content),
    ]
    assert RuleSet.load(edited(tmp_path, edits)).digest == RuleSet.load(SMALL_RULES).digest


def test_an_empty_folder_and_a_link_to_a_folder_have_no_place_in_the_vocabulary(
    tmp_path: Path,
) -> None:
    root = edited(tmp_path)
    (root / "vocabulary" / "empty").mkdir()
    (root / "vocabulary" / "link").symlink_to(root / "sources")
    (root / "vocabulary" / "round").symlink_to(root / "vocabulary")
    assert problem_of(root).splitlines() == [
        f"vocabulary/{name}: expected a .toml file, or nothing here"
        for name in ("empty", "link", "round")
    ]


def test_an_entry_without_a_source_has_the_one_at_the_head_of_its_file(tmp_path: Path) -> None:
    content = """
source = "from a leaflet"

[[symptom]]
id = "blinking"
name = "blinking"

[[symptom]]
id = "winking"
name = "winking"
source = "made up"

[[term]]
names = ["blink"]
fields = ["symptoms"]
concepts = ["blinking"]
why = "short for it"
"""
    rules = RuleSet.load(edited(tmp_path, [Edit("vocabulary/eyes.toml", content=content)]))
    sources = {one.id: one.source for one in rules.vocabulary.concepts}
    assert (sources["blinking"], sources["winking"]) == ("from a leaflet", "made up")
    assert sources["yawning"] == ""


def test_a_file_that_may_not_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = edited(tmp_path)
    read_text = Path.read_text

    def refuse(path: Path, encoding: str) -> str:
        if path.name == "sunroot.toml":
            raise PermissionError
        return read_text(path, encoding)

    monkeypatch.setattr(Path, "read_text", refuse)
    assert problem_of(root) == "substances/sunroot.toml: expected a readable UTF-8 file"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ruleset.toml", "a file, not a folder"),
        ("nowhere", "no such folder"),
        ("substances", "no ruleset.toml in this folder"),
    ],
)
def test_a_path_that_is_no_directory_of_a_rule_set_is_reported(
    name: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = f"{SMALL_RULES / name}: {wrong}: expected the folder of a rule set"
    assert problem_of(SMALL_RULES / name) == expected
    monkeypatch.chdir(SMALL_RULES)
    assert problem_of(Path(name)) == expected


def test_the_defects_of_all_files_are_reported_together_and_in_the_same_order(
    tmp_path: Path,
) -> None:
    edits = [
        Edit("vocabulary/everything.toml", 'name = "yawning disease"', "name = 5"),
        Edit("ruleset.toml", "value = 21", "value = -21"),
        Edit(SUNROOT, 'basis = "stated"', 'basis = "said"'),
    ]
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    back.mkdir()
    message = problem_of(edited(there, edits))
    assert [line.partition(":")[0] for line in message.splitlines()] == [
        "ruleset.toml",
        "substances/sunroot.toml",
        "vocabulary/everything.toml",
    ]
    assert problem_of(edited(back, reversed(edits))) == message


def test_what_could_not_be_read_is_not_reported_again_where_it_is_referred_to(
    tmp_path: Path,
) -> None:
    broken = Edit("vocabulary/everything.toml", 'definition = "what is taken for sleep"', "")
    assert problem_of(edited(tmp_path, [broken])) == (
        "vocabulary/everything.toml: drug_class `sleep-medicine`: definition: "
        "expected a value, got nothing"
    )


def test_the_smallest_rule_set_loads_in_full() -> None:
    rules = RuleSet.load(str(SMALL_RULES))
    assert (rules.name, rules.version, rules.packs) == ("a made-up rule set", "1", ("leaflets",))
    assert [rule.id for rule in rules.rules] == ["scope-leaflet", "sunroot-sleeper"]
    assert rules.rule("scope-leaflet").applies_to == ("every",)
    sleeper = rules.rule("sunroot-sleeper")
    assert (sleeper.pack, sleeper.applies_to) == ("leaflets", ("sunroot",))
    assert sleeper.when == conditions.Any(
        (conditions.Takes("sleep-medicine"), conditions.AgeAtLeast("grown-up-years"))
    )
    assert rules.threshold("most-a-day").quantity.value == 250.5
    assert rules.threshold("most-a-day").unit is Unit.MG_PER_DAY
    (source,) = rules.sources
    assert [passage.n for passage in source.passages] == [1, 2, 3, 4]
    words = rules.vocabulary
    assert words.drugs[0].classes[0].basis is MemberBasis.LABELLED
    assert words.drugs[0].codes == {"atc": ("Q05CA01",)}
    assert [concept.kind for concept in words.concepts] == [
        ConceptKind.CONDITION,
        ConceptKind.ALLERGEN,
        ConceptKind.SYMPTOM,
        ConceptKind.SUPPLEMENT,
    ]


def test_where_absence_must_be_told_follows_from_the_table_unless_the_file_says_otherwise(
    tmp_path: Path,
) -> None:
    edit = Edit(
        "vocabulary/everything.toml",
        'name = "sunroot pollen"',
        'name = "sunroot pollen"\ntold_in = ["allergies", "conditions"]',
    )
    rules = RuleSet.load(edited(tmp_path, [edit]))
    assert {one.id: one.told_in for one in rules.vocabulary.concepts} == {
        "yawning-disease": ("conditions",),
        "sunroot-pollen": ("allergies", "conditions"),
        "yawning": ("symptoms",),
        "moonroot": ("supplements",),
    }


def test_a_combination_is_given_by_its_ingredients(tmp_path: Path) -> None:
    combination = """
[[drug]]
id = "dormal-plus"
name = "dormal plus"
ingredients = ["dormal"]
source = "made up"
"""
    edit = Edit("vocabulary/everything.toml", add=combination)
    rules = RuleSet.load(edited(tmp_path, [edit]))
    assert rules.vocabulary.drugs[1].ingredients == ("dormal",)


def test_an_allergen_may_have_the_id_of_the_thing_that_it_is_an_allergy_to(
    tmp_path: Path,
) -> None:
    edit = Edit("vocabulary/everything.toml", 'id = "sunroot-pollen"', 'id = "sunroot"')
    rules = RuleSet.load(edited(tmp_path, [edit]))
    assert "sunroot" in {concept.id for concept in rules.vocabulary.concepts}


def test_every_way_to_write_a_condition_loads(tmp_path: Path) -> None:
    when = """{ kind = "all", of = [
  { kind = "takes-any-medication" }, { kind = "takes-supplement", substance = "moonroot" },
  { kind = "takes-other-supplement" }, { kind = "has-condition", condition = "yawning-disease" },
  { kind = "has-condition-beyond", conditions = ["yawning-disease"] },
  { kind = "allergic-to", allergen = "sunroot-pollen" },
  { kind = "reports-symptom", symptom = "yawning" },
  { kind = "age-below", threshold = "grown-up-years" },
  { kind = "daily-dose-above", threshold = "most-a-day" },
  { kind = "daily-dose-below", threshold = "most-a-day" },
  { kind = "taking" }, { kind = "states", field = "ms_symptoms_severe" },
] }"""
    edit = Edit(SUNROOT, '{ kind = "takes", drug_class = "sleep-medicine" }', when)
    rule = RuleSet.load(edited(tmp_path, [edit])).rule("sunroot-sleeper")
    assert rule.when is not None
    assert len(list(conditions.walk(rule.when))) == 15


def test_files_that_are_no_rules_may_lie_beside_them(tmp_path: Path) -> None:
    files = ["README.md", "accepted-changes.toml", "cases/sleep.toml"]
    root = edited(tmp_path, [Edit(name, content="not read") for name in files])
    assert RuleSet.load(root).digest == RuleSet.load(SMALL_RULES).digest


def test_a_withdrawn_rule_set_loads_and_says_so(tmp_path: Path) -> None:
    line = 'withdrawn = { on = "2026-01-31", reason = "a wrong rule" }'
    edit = Edit("ruleset.toml", 'version = "1"', f'version = "1"\n{line}')
    withdrawn = RuleSet.load(edited(tmp_path, [edit])).withdrawn
    assert withdrawn is not None
    assert (withdrawn.on, withdrawn.reason) == ("2026-01-31", "a wrong rule")


def test_the_cases_of_a_rule_set_load(tmp_path: Path) -> None:
    root = edited(tmp_path, [Edit("cases/sleep.toml", content=CASE)])
    (case,) = load_cases(root)
    assert (case.id, case.rule, case.outcome) == ("sleeper", "sunroot-sleeper", "finding")
    assert case.file == "cases/sleep.toml"
    assert case.intake == {"format": "msrisk-intake/1", "medications": ["dormal"]}


def test_nobody_shares_the_cases_of_another_who_may_change_them(tmp_path: Path) -> None:
    root = edited(tmp_path, [Edit("cases/sleep.toml", content=CASE)])
    (one,), (other,) = load_cases(root), load_cases(root)
    assert one == other
    assert one.intake is not other.intake


def test_rule_sets_share_what_is_read_from_files_that_are_the_same(tmp_path: Path) -> None:
    edit = Edit(SUNROOT, 'since = "1"\n', 'since = "2"\n')
    before, after = RuleSet.load(SMALL_RULES), RuleSet.load(edited(tmp_path, [edit]))
    pairs = zip(before.vocabulary.drugs, after.vocabulary.drugs, strict=True)
    assert all(one is other for one, other in pairs)
    assert [rule.since for rule in before.rules] != [rule.since for rule in after.rules]


def test_a_defect_that_was_read_before_is_reported_for_the_file_that_has_it_now(
    tmp_path: Path,
) -> None:
    text = '[[drug]]\nid = "new-drug"\nname = "newdrug"\nsource = 5\n'
    for folder in ("there", "here"):
        (tmp_path / folder).mkdir()
    there = edited(tmp_path / "there", [Edit("vocabulary/a.toml", content=text)])
    here = edited(
        tmp_path / "here", [Edit(f"vocabulary/{name}.toml", content=text) for name in "bc"]
    )
    at = "drug `new-drug`: source: expected text, got a number"
    assert problem_of(there) == f"vocabulary/a.toml: {at}"
    assert problem_of(here).splitlines() == [
        f"vocabulary/b.toml: {at}",
        f"vocabulary/c.toml: {at}",
    ]


def test_a_rule_set_without_cases_has_none() -> None:
    assert load_cases(SMALL_RULES) == ()


def test_every_defect_of_the_cases_is_reported(tmp_path: Path) -> None:
    edits = [
        Edit("cases/awake.toml", content=CASE),
        Edit("cases/broken.toml", content="broken\n"),
        Edit("cases/notes.txt", content="Ask the pharmacist.\n"),
        Edit("cases/sleep.toml", content=CASE.replace("[]", "true")),
        Edit("cases/twice.toml", content=CASE),
    ]
    twice = "expected an id of its own, got one also used in cases/awake.toml ([[case]] number 1)"
    with pytest.raises(RuleSetError) as caught:
        load_cases(edited(tmp_path, edits))
    assert str(caught.value).splitlines() == [
        "cases/broken.toml: line 1: `broken`: expected a key, = and a value, got nothing",
        "cases/notes.txt: expected a .toml file, or nothing here",
        "cases/sleep.toml: case `sleeper`: open_questions: expected a list, got true or false",
        f"cases/twice.toml: case `sleeper`: id: {twice}",
    ]


def test_an_error_of_the_rules_is_an_error_of_msrisk_and_a_value_error() -> None:
    assert issubclass(RuleSetError, MsriskError)
    assert issubclass(RuleSetError, ValueError)
