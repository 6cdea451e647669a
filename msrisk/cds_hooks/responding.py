"""Answers a request of CDS Hooks with cards, without a server and without fetching anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final, cast

from attrs import frozen

from msrisk import api
from msrisk.cds_hooks.cards import Answer, cards_of, unchecked_card
from msrisk.cds_hooks.having_ms import has_ms
from msrisk.cds_hooks.orders import Order, Orders, orders_of, with_orders, with_unknown
from msrisk.cds_hooks.prefetch import Part, Shape, parts_of, record_of
from msrisk.cds_hooks.services import PREFETCH, TAKEN, Json, Service, service_of
from msrisk.errors import HookError, NothingSentError, Problem, ProfileError
from msrisk.fhir import Became, Import, read_bundle
from msrisk.fhir.systems import ruleset_told
from msrisk.model.checks import kind_of
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Assessment, Report
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth

__all__ = ["not_checked", "respond"]

_UNREAD: Final = "an entry names nothing that could be read"
# What leaves an entry out although it can be read.
_HIDING: Final = frozenset(
    wanted.type for key, wanted in PREFETCH.items() if key not in ("patient", "weights")
)
_MEANT: Final = ("the record calls it ", "it is about another person")


def respond(
    id: str,  # noqa: A002  # its name in the interface
    request: object,
    *,
    on: date | None = None,
    ruleset: RuleSet | None = None,
) -> Json:
    """Return the body that answers a request of CDS Hooks: at most two cards.

    There are cards where MS is on record or not ruled out, and a supplement that the rules
    cover or nobody knows is on record or being ordered; and where no check could be made.
    That there is none clears nothing. Nothing is fetched, whatever addresses the request holds.

    Args:
        id: of the service, as `services()` lists them.
        request: the body of the request, in JSON types.
        on: the day as of which the record is read; today if None.
        ruleset: the rules; those that ship with the package if None.

    Raises:
        ConceptError: if there is no service of this id.
        HookError: if the request cannot be read.
        NothingSentError: if it brings neither an order nor any part of the record.

    """
    service = service_of(id)
    rules = RuleSet.default() if ruleset is None else ruleset
    request_, context = _opened(request, service)
    instance = request_.get("hookInstance")
    instance = instance if isinstance(instance, str) else ""
    told: Json = {"org.msrisk.ruleset": ruleset_told(rules)}
    if rules.withdrawn is not None:
        why = f"the rules of msrisk were withdrawn on {rules.withdrawn.on}"
        card = unchecked_card(rules, why, rules.withdrawn.reason, instance)
        return {"cards": [card], "extension": told}
    sent = _sent(request_, context, service, on, rules)
    if not sent.orders.came and all(one.shape is Shape.ABSENT for one in sent.parts):
        expected = "some part of the prefetch" + (", or an order" if service.has_orders else "")
        raise NothingSentError([Problem("prefetch", expected, "none")])
    return {"cards": _cards(sent, rules, instance), "extension": told}


def not_checked(
    why: str, more: str = "", *, ruleset: RuleSet | None = None, instance: str = ""
) -> Json:
    """Return the answer of a server that could not read a request, or not answer it.

    Args:
        why: a clause that says why nothing was checked.
        more: further sentences, without anything of the patient.
        ruleset: the rules; those that ship with the package if None.
        instance: tells the calls apart.

    """
    rules = RuleSet.default() if ruleset is None else ruleset
    return {
        "cards": [unchecked_card(rules, why, more, instance)],
        "extension": {"org.msrisk.ruleset": ruleset_told(rules)},
    }


@frozen
class _Sent:
    """What a request brings.

    Attributes:
        parts: what came of each part of the record.
        orders: the orders that are being written.
        patient: the id of the patient.
        on: the day as of which the record is read.
        repeated: whether an earlier moment of work may have shown the same.

    """

    parts: tuple[Part, ...]
    orders: Orders
    patient: str | None
    on: date
    repeated: bool


def _sent(
    request: Mapping[str, object],
    context: Mapping[str, object],
    service: Service,
    on: date | None,
    ruleset: RuleSet,
) -> _Sent:
    given = context.get("patientId")
    patient = given if isinstance(given, str) and given else None
    day = datetime.now(UTC).astimezone().date() if on is None else on
    return _Sent(
        parts=parts_of(request.get("prefetch")),
        orders=orders_of(context, patient, day, ruleset) if service.has_orders else Orders(),
        patient=patient,
        on=day,
        repeated=service.hook == "order-sign",
    )


def _opened(request: object, service: Service) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return a request and its context."""
    if not isinstance(request, Mapping):
        raise HookError([Problem("request", "an object, in braces", kind_of(request))])
    sent = cast("Mapping[str, object]", request)
    problems = []
    if sent.get("hook", service.hook) != service.hook:
        problems.append(Problem("hook", f"“{service.hook}” for this service", "another hook"))
    context = sent.get("context")
    if not isinstance(context, Mapping):
        problems.append(Problem("context", "an object, in braces", kind_of(context)))
    if problems:
        raise HookError(problems)
    return sent, cast("Mapping[str, object]", context)


def _cards(sent: _Sent, ruleset: RuleSet, instance: str) -> list[Json]:
    """Return the cards on what was sent."""
    parts, orders = sent.parts, sent.orders
    unread = [(one.words, one.shape.value) for one in parts if one.shape is not Shape.WHOLE]
    failed = [one.words for one in parts if one.shape not in (Shape.WHOLE, Shape.ABSENT)]
    whole = {PREFETCH[one.key].type for one in parts if one.shape is Shape.WHOLE}
    wrong = [("the orders", why) for why in orders.wrong]
    try:
        bundle = record_of(parts, sent.patient)
        record = read_bundle(bundle, on=sent.on, patient=sent.patient, ruleset=ruleset)
        hidden = _hidden(record)
        whole -= hidden
        wrong += [(wanted.words, _UNREAD) for wanted in PREFETCH.values() if wanted.type in hidden]
        profile = with_orders(record.profile, orders)
    except ProfileError as error:
        whole = set()
        wrong += [("the record", f"expected {one.expected}") for one in error.problems]
        profile = with_orders(PatientProfile(), orders)
    ms = has_ms(profile, ruleset, whole="Condition" in whole)
    if ms is Truth.FALSE:
        return []
    report = api.assess(profile, ruleset=ruleset)
    products = _warned(report)
    if not products:
        # The cards are silent otherwise, and what nobody knows may be a supplement.
        report = api.assess(with_unknown(profile, ruleset), ruleset=ruleset)
        products = _warned(report)
    if not products and not orders.wrong and whole >= {PREFETCH[key].type for key in TAKEN}:
        return []
    answer = Answer(
        report=report,
        ms=ms,
        unread=(*wrong, *unread),
        failed=tuple(dict.fromkeys((*(part for part, _ in wrong), *failed))),
        orders=tuple(_named(orders.read, ruleset)),
        patient=sent.patient,
        was_read=tuple(
            f"{one.line.resource}: {'; '.join(one.line.read_as)}" for one in orders.read
        ),
        on=sent.on.isoformat(),
        repeated=sent.repeated,
        instance=instance,
    )
    return cards_of(answer, products, ruleset)


def _warned(report: Report) -> list[Assessment]:
    """Return the products that the rules cover, and those that nobody knows."""
    return [one for one in report.assessments if one.covered or one.substance is None]


def _hidden(record: Import) -> set[str]:
    """Return the types of the entries that could not be read, so that anything may be in them."""
    found = set()
    for one in record.account:
        type_ = one.resource.partition("/")[0]
        meant = any(why.startswith(_MEANT) for why in one.why)
        if one.became is Became.LEFT_OUT and type_ in _HIDING and not meant:
            found.add(type_)
    return found


def _named(orders: tuple[Order, ...], ruleset: RuleSet) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the reference of each order that is advised on, with the products that it names."""
    for one in orders:
        if one.selected and one.reference is not None:
            told = api.assess(one.profile, ruleset=ruleset).assessments
            yield one.reference, frozenset(each.substance or each.name for each in told)
