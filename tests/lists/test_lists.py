"""What the comparison with official lists can catch, on lists of a few made-up rows."""

from __future__ import annotations

import shutil
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

import msrisk
from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.characters import split_name
from msrisk.recognition.lexicon import lexicon_of
from tests.lists import agree, measure
from tests.lists.agree import Agreement, agreements, rewritten
from tests.lists.check import (
    Alias,
    Check,
    Checker,
    Group,
    Reviewed,
    Status,
    commonest,
    read_reviewed,
    shares,
    table,
)
from tests.lists.rows import FILES, MissingListsError, Row, read_rows, rows_of
from tests.lists.spelling import same_substance, skeletons
from tests.unit.recognition_world import small

HEAD = "name\tingredients\tatc\troute\tlist\tdate\tproducts\n"


def row(name: str, *ingredients: str, atc: str = "", route: str = "", products: int = 1) -> Row:
    codes = (atc,) if atc else ()
    return Row("us-ndc", name, ingredients, codes, route, "NDC", "2019-04", products)


def disagreements(*rows: Row, reviewed: Reviewed | None = None) -> list[str]:
    checker = Checker(small(), reviewed or Reviewed())
    found = checker.unreviewed(checker.disagreements(checker.readings(rows)))
    return [f"{one.check} {one.name}: {one.read}" for one in found]


def test_a_brand_under_another_drug_than_the_lists_is_told() -> None:
    assert disagreements(row("Glucophage", "MORPHINE")) == ["ingredient Glucophage: metformin"]
    assert disagreements(row("Glucophage", "METFORMIN HYDROCHLORIDE")) == []


def test_a_combination_agrees_by_any_of_its_parts() -> None:
    assert disagreements(row("Janumet", "SITAGLIPTIN PHOSPHATE", "METFORMIN")) == []
    assert disagreements(row("Janumet", "ASPIRIN")) == ["ingredient Janumet: metformin-sitagliptin"]


def test_names_that_are_not_understood_are_not_compared() -> None:
    assert disagreements(row("Foozum", "MORPHINE"), row("Glucophage foozum", "MORPHINE")) == []


def test_a_name_open_between_named_things_is_compared_with_each() -> None:
    assert disagreements(row("painkiller", "ACETAMINOPHEN"), row("painkiller", "ASPIRIN")) == [
        "ingredient painkiller: aspirin paracetamol"
    ]


def test_the_class_of_a_lists_own_code_must_be_told() -> None:
    assert disagreements(row("Tylenol", "paracetamol", atc="A10BA02")) == [
        "code Tylenol: glucose-lowering-medication: paracetamol"
    ]
    assert disagreements(row("Prograf", "tacrolimus", atc="L04AD02")) == []
    assert disagreements(row("hydrocortisone", "hydrocortisone", atc="H02AB09")) == []


@pytest.mark.parametrize(
    ("code", "class_"),
    [
        ("H03AA01", "thyroid-medication"),
        ("A10BA02", "glucose-lowering-medication"),
        ("H02AB07", "systemic-corticosteroid"),
        ("L04AX03", "immunosuppressive-medication"),
        ("L03AB07", "immunomodulating-medication"),
        ("L03AX13", "immunomodulating-medication"),
    ],
)
def test_each_class_that_decides_is_asked_of_its_codes(code: str, class_: str) -> None:
    assert disagreements(row("Tylenol", "paracetamol", atc=code)) == [
        f"code Tylenol: {class_}: paracetamol"
    ]


def test_a_code_that_is_not_of_the_list_itself_asks_for_no_class() -> None:
    line = "Tylenol\tparacetamol\t~A10BA02\toral\tNDC\t2019-04\t1\n"
    (one,) = rows_of("us-ndc", [HEAD, line])
    assert one.atc == ()
    assert disagreements(one) == []


def test_a_class_of_an_ingredient_must_be_told() -> None:
    assert disagreements(row("Tylenol", "PARACETAMOL", "METFORMIN")) == [
        "class Tylenol: glucose-lowering-medication: paracetamol"
    ]


def test_an_ingredient_that_acts_where_it_is_put_asks_for_no_class_but_the_gravest() -> None:
    assert disagreements(row("Aspro 24hr", "ASPIRIN", "TACROLIMUS", route="ophthalmic")) == []
    assert disagreements(row("Aspro 24hr", "ASPIRIN", "INSULIN", route="nasal; topical")) == [
        "class Aspro 24hr: glucose-lowering-medication: aspirin"
    ]
    assert disagreements(row("Aspro 24hr", "ASPIRIN", "TACROLIMUS", route="topical; oral")) == [
        "class Aspro 24hr: immunosuppressive-medication: aspirin"
    ]


def test_of_several_classes_the_lowest_is_told() -> None:
    assert disagreements(row("Tylenol", "paracetamol", "PREDNISONE")) == [
        "class Tylenol: systemic-corticosteroid: paracetamol"
    ]


def test_a_reviewed_pair_is_all_right_as_long_as_it_is_read_so() -> None:
    pair = Group(Check.INGREDIENT, "us-ndc", "made up", [("GLUCOPHAGE", "metformin")])
    assert disagreements(row("Glucophage", "MORPHINE"), reviewed=Reviewed(reviewed=[pair])) == []
    other = Group(Check.INGREDIENT, "us-ndc", "made up", [("Glucophage", "insulin")])
    reviewed = Reviewed(reviewed=[other])
    assert disagreements(row("Glucophage", "MORPHINE"), reviewed=reviewed) != []
    assert Checker(small(), reviewed).unused([]) == ["ingredient · us-ndc · glucophage · insulin"]


def test_words_of_lists_can_be_given_a_meaning_and_a_spelling() -> None:
    alias = Reviewed(alias=[Alias(["morphine"], ["poppy extract"])])
    assert disagreements(row("MS Contin", "EXTRACT OF POPPY"), reviewed=alias) == []
    spelling = Reviewed(spelling={"poppy juice": "morphine"})
    assert disagreements(row("MS Contin", "POPPY JUICE"), reviewed=spelling) == []
    assert disagreements(row("MS Contin", "POPPY JUICE")) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LÉVOTHYROXINE SODIQUE", "levothyroxine"),
        ("LEVOTHYROXINUM NATRICUM", "levotiroxina sodica"),
        ("cloridrato de metformina", "metformin hydrochloride"),
        ("CHLORHYDRATE DE TRAMADOL", "tramadol"),
        ("insulin glargine", "insulin"),
    ],
)
def test_one_substance_in_two_languages_is_one(one: str, other: str) -> None:
    assert same_substance(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sodium chloride", "potassium chloride"),
        ("interferon alfa", "interferon beta"),
        ("acide folique", "acide clavulanique"),
        ("factor VIII", "factor VII"),
        ("dopamine", "dobutamine"),
    ],
)
def test_two_substances_are_not_taken_for_one(one: str, other: str) -> None:
    assert not same_substance(one, other)


def test_drugs_whose_names_share_a_skeleton_share_a_word() -> None:
    words = defaultdict(list)
    for drug in msrisk.RuleSet.default().vocabulary.drugs:
        words[skeletons(drug.name)].append(set(drug.name.casefold().split()))
    apart = [found for key, found in words.items() if key and not set.intersection(*found)]
    kinds = [found for found in apart if not any("insulin" in one for one in found)]
    assert kinds == []


def test_the_shares_count_names_and_the_commonest_count_products() -> None:
    rows = [
        row("Glucophage", "METFORMIN", products=3),
        row("Glucophage", "METFORMIN", route="oral", products=3),
        row("painkiller", "ASPIRIN", products=4),
        row("Glucophage foozum", "METFORMIN"),
        row("Foozum", "MORPHINE", products=5),
    ]
    readings = Checker(small(), Reviewed()).readings(rows)
    assert shares(readings) == {"us-ndc": dict.fromkeys(Status, 1)}
    assert commonest(readings, "us-ndc", 3) == [
        ("Glucophage", Status.RECOGNISED),
        ("Foozum", Status.UNRECOGNISED),
        ("painkiller", Status.NAMED),
    ]
    assert "of the 4 commonest names 2 are recognised" in table(readings)


def lists(folder: Path, *lines: str) -> Path:
    for name in FILES:
        (folder / f"{name}.tsv").write_text(HEAD, "utf-8")
    (folder / "us-ndc.tsv").write_text(HEAD + "".join(f"{one}\n" for one in lines), "utf-8")
    return folder


def test_a_run_ends_with_the_worst_that_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = "Glucophage\tMETFORMIN\t\toral\tNDC\t2019-04\t1"
    assert measure.main([str(lists(tmp_path, right))]) == 0
    wrong = "Glucophage\tMORPHINE SULFATE\t\toral\tNDC\t2019-04\t1"
    assert measure.main([str(lists(tmp_path, right, wrong)), "--as-toml"]) == 1
    assert '["Glucophage", "metformin"],  # MORPHINE SULFATE' in capsys.readouterr().out
    unread = "Foozumab\tFOO\t\toral\tNDC\t2019-04\t1"
    assert measure.main([str(lists(tmp_path, unread)), "--unread"]) == 0
    assert "us-ndc\tFoozumab\tunrecognised" in capsys.readouterr().out


def test_a_folder_without_lists_is_told_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure.main([str(tmp_path / "nowhere")]) == 2
    assert "no lists in" in capsys.readouterr().err
    assert measure.main([]) == 2
    assert "make lists LISTS=FOLDER" in capsys.readouterr().err
    with pytest.raises(MissingListsError, match=r"no lists in .*: eu-ema"):
        read_rows(tmp_path)


def test_every_reviewed_group_says_why_and_every_alias_means_something() -> None:
    reviewed = read_reviewed()
    words = msrisk.RuleSet.default().vocabulary
    ids = {drug.id for drug in words.drugs} | {one.id for one in words.concepts}
    assert all(len(group.why.split()) > 4 for group in reviewed.reviewed)
    assert {id_ for one in reviewed.alias for id_ in one.means} <= ids


def test_no_maker_or_pack_is_also_the_name_of_a_fact() -> None:
    ruleset = msrisk.RuleSet.default()
    folder = Path(__file__).parent.parent.parent / "rules" / "vocabulary" / "words"
    lists_ = [
        one
        for name in ("makers.toml", "forms.toml")
        for one in tomllib.loads((folder / name).read_text("utf-8"))["words"]
    ]
    words = {split_name(word) for one in lists_ for word in one["words"]}
    names = lexicon_of(ruleset).names
    facts = {
        words_
        for field in LIST_FIELDS
        for words_, meaning in names(field).items()
        if meaning.is_name
    }
    # Each is a maker or a product in the lists of one kind, and a fact in one of another.
    assert words & facts == {("lupin",), ("medicines",), ("pms",), ("sun",), ("supplements",)}
    for one in lists_:
        for field in one.get("fields", LIST_FIELDS):
            for word in one["words"]:
                assert not names(field)[split_name(word)].is_name, (field, word)


# Which lists name a drug


def heard(*rows: Row) -> dict[str, Agreement]:
    checker = Checker(small(), Reviewed())
    return agreements(checker, checker.readings(rows))


def test_a_list_speaks_for_the_names_that_it_has() -> None:
    found = heard(row("Glucophage oral", "METFORMIN", atc="A10BA02"))["metformin"]
    assert found.names == 2
    assert found.listed == {("glucophage",)}
    assert found.lists == {("NDC", "2019-04")}
    assert found.coded
    assert not found.whole


def test_a_list_that_speaks_against_a_drug_does_not_speak_for_it() -> None:
    found = heard(row("Glucophage", "METFORMIN"), row("metformin", "ASPIRIN"))
    assert found["metformin"].lists == frozenset()


def test_a_combination_needs_each_of_its_parts_and_no_other() -> None:
    assert heard(row("Janumet", "METFORMIN", "SITAGLIPTIN"))["metformin-sitagliptin"].lists
    assert not heard(row("Janumet", "METFORMIN"))["metformin-sitagliptin"].lists
    assert not heard(row("Glucophage", "METFORMIN", "ASPIRIN"))["metformin"].lists


LISTED = Agreement(1, frozenset({("x",)}), frozenset({("EMA", "2025")}), coded=True)
GENERAL = "names as on US and EU product labels, from general knowledge; each entry awaits a check"


def test_a_source_tells_which_list_agrees_and_keeps_the_rest() -> None:
    assert rewritten(GENERAL, LISTED, has_code=True) == (
        "names and ATC code agree with the list of EMA (2025); "
        "classes as on product labels, from general knowledge; each entry awaits a check"
    )
    some = Agreement(2, LISTED.listed, LISTED.lists | {("BDPM", "2024")})
    compared = "ATC code compared with an index; names from general knowledge"
    assert rewritten(compared, some, has_code=True) == (
        "names agree with the lists of BDPM (2024) and EMA (2025) as far as listed, "
        "other names from general knowledge; ATC code compared with an index"
    )


def test_a_source_that_no_list_replaces_stays() -> None:
    assert rewritten(GENERAL, Agreement(1), has_code=False) is None
    assert rewritten("names from the products", LISTED, has_code=False) is None
    assert rewritten("trial reports; from general knowledge", LISTED, has_code=False) is None


def test_sources_are_rewritten_where_they_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(Path(__file__).parent.parent.parent / "rules", rules)
    before = {drug.id: drug for drug in msrisk.RuleSet.default().vocabulary.drugs}
    (path,) = (rules / "vocabulary").rglob("A10B-*.toml")
    start, entry, rest = path.read_text("utf-8").partition('id = "metformin"\n')
    block, end, rest = rest.partition("\n\n")
    block = block.partition("source = ")[0] + f'source = """\\\n  {GENERAL}"""'
    path.write_text(f"{start}{entry}{block}{end}{rest}", "utf-8")
    folder = lists(tmp_path, "Glucophage\tMETFORMIN\t\toral\tNDC\t2019-04\t1")
    assert agree.main([str(folder), "--write", str(rules)]) == 0
    assert "rewritten: 1," in capsys.readouterr().out
    after = {drug.id: drug for drug in msrisk.RuleSet.load(rules).vocabulary.drugs}
    assert [id_ for id_, drug in after.items() if drug != before[id_]] == ["metformin"]
    assert "agree with the list of NDC (2019-04)" in after["metformin"].source
    assert agree.main([str(folder), "--write", str(rules)]) == 0
    assert "rewritten: 0," in capsys.readouterr().out


def test_agreeing_without_lists_is_told_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert agree.main([str(tmp_path)]) == 2
    assert agree.main([]) == 2
    assert "usage" in capsys.readouterr().err
    assert agree.main([str(lists(tmp_path))]) == 0
