"""What rule files hold does nothing in a book: it is text in every place."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

from msrisk.model.concepts import Drug, MemberBasis, Membership
from msrisk.model.rules import RuleSet, Substance

from .book_checks import case, markdown, page
from .rendering_checks import tags
from .test_rendering_hostile import HOSTILE

pytestmark = pytest.mark.slow

RULES = RuleSet.default()


def holding(text: str) -> str:
    return f"x {text} x"


def filled(text: str) -> RuleSet:
    """Return the rules with this text wherever a book repeats what a file says."""
    text = holding(text)
    vocabulary = RULES.vocabulary
    rule = evolve(
        RULES.rule("ala-thyroid-medication"), message=text, action=text, question=text,
        argument=text, since=text,
    )  # fmt: skip
    member = Membership("thyroid-medication", MemberBasis.JUDGED, text)
    return evolve(
        RULES,
        name=text,
        version=text,
        sources=tuple(evolve(one, title=text, short=text, author=text) for one in RULES.sources),
        substances=(
            *RULES.substances[:-1],
            Substance(RULES.substances[-1].id, text, text, names=(text,)),
        ),
        rules=tuple(rule if one.id == rule.id else one for one in RULES.rules),
        claims=tuple(evolve(one, message=text) for one in RULES.claims),
        thresholds=tuple(evolve(one, name=text) for one in RULES.thresholds),
        vocabulary=evolve(
            vocabulary,
            drug_classes=tuple(
                evolve(one, name=text, definition=text, names=(text,))
                for one in vocabulary.drug_classes
            ),
            drugs=(Drug("a", text, text, classes=(member,)),),
            concepts=tuple(evolve(one, name=text) for one in vocabulary.concepts),
        ),
    )


def html_tags(said: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    # The only tags that never close.
    return tags(re.sub(r"<meta [^>]*>", "", said))


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_holds_no_tag_attribute_or_address_of_the_rules(text: str) -> None:
    cases = [case("ala-thyroid-medication", holding(text), holding(text))]
    tame = [case("ala-thyroid-medication", holding("word"), holding("word"))]
    assert html_tags(page(filled(text), cases)) == html_tags(page(filled("word"), tame))


@pytest.mark.parametrize("text", HOSTILE)
def test_the_markdown_holds_no_markup_of_the_rules(text: str) -> None:
    cases = [case("ala-thyroid-medication", holding(text), holding(text))]
    tame = [case("ala-thyroid-medication", holding("word"), holding("word"))]
    said, plain = markdown(filled(text), cases), markdown(filled("word"), tame)
    assert said.count("<") == plain.count("<")
    for mark in ("`", "[", "]", "|", "~", "$", "_", "#", "*"):
        live = rf"(?<!\\){re.escape(mark)}"
        assert len(re.findall(live, said.replace("&#", ""))) == len(re.findall(live, plain))
    assert not re.search(r"http://|www\.", said)
    assert len(said.splitlines()) == len(plain.splitlines())


def test_an_id_that_no_loader_would_take_is_still_only_text() -> None:
    odd = 'a "><b>)](x) b'
    rules = (evolve(RULES.rules[0], id=odd), *RULES.rules[1:])
    ruleset = evolve(RULES, rules=rules, claims=())
    assert "<b>" not in page(ruleset)
    assert "<b>" not in markdown(ruleset)
    assert "(#rule-a%20%22%3E%3Cb%3E%29%5D%28x%29%20b)" in markdown(ruleset)


def test_the_page_asks_no_other_place_for_anything() -> None:
    said = page(RULES)
    assert {tag for tag, _ in html_tags(said)} <= {
        *("html", "head", "title", "style", "body", "header", "nav", "main", "section", "article"),
        *("h1", "h2", "h3", "h4", "p", "ul", "li", "a", "dl", "dt", "dd", "blockquote"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    for _, attributes in html_tags(said):
        assert {name for name, _ in attributes} <= {
            "lang", "id", "class", "href", "scope", "aria-label",
        }  # fmt: skip
        assert all((value or "").startswith("#") for name, value in attributes if name == "href")
    style = said.partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
