"""Says what the specification of CDS Hooks asks of an answer, and what of it is not so.

The rules are those of CDS Hooks 2.0 and 3.0 in prose and of their invariants, in our words.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

__all__ = ["empty_parts", "wrong_in"]

_MAY_BE_EMPTY = ("cards", "services")
_INDICATORS = ("info", "warning", "critical")
_CARD = {
    "uuid",
    "summary",
    "detail",
    "indicator",
    "source",
    "suggestions",
    "selectionBehavior",
    "overrideReasons",
    "links",
    "extension",
}


def empty_parts(value: object, path: str = "") -> list[str]:
    """Return where something is null or empty, which the specification prohibits."""
    if value is None or value in ("", [], {}):
        return [] if path.rpartition(".")[2] in _MAY_BE_EMPTY and value == [] else [path]
    if isinstance(value, dict):
        return [at for key, one in value.items() for at in empty_parts(one, f"{path}.{key}")]
    if isinstance(value, list):
        return [at for n, one in enumerate(value) for at in empty_parts(one, f"{path}[{n}]")]
    return []


def wrong_in(answer: dict[str, Any]) -> list[str]:
    """Return what in an answer the specification does not allow."""
    wrong = [f"empty: {path}" for path in empty_parts(answer)]
    if not isinstance(answer.get("cards"), list):
        return [*wrong, "cards is no list"]
    wrong += [f"unknown: {key}" for key in answer.keys() - {"cards", "systemActions", "extension"}]
    for at, card in enumerate(answer["cards"]):
        wrong += [f"cards[{at}]: {what}" for what in _wrong_in_card(card)]
    uuids = [card.get("uuid") for card in answer["cards"]]
    return [*wrong, *(["two cards have one uuid"] if len(set(uuids)) < len(uuids) else [])]


def _wrong_in_card(card: dict[str, Any]) -> Iterator[str]:
    yield from (f"unknown: {key}" for key in card.keys() - _CARD)
    if not 0 < len(card["summary"]) < 140 or "\n" in card["summary"]:
        yield "the summary has 140 characters or more, or several lines"
    if card["indicator"] not in _INDICATORS:
        yield "the indicator is none"
    if not card["source"].get("label"):
        yield "the source has no label"
    if str(uuid.UUID(card["uuid"])) != card["uuid"]:
        yield "the uuid is none"
    for reason in card.get("overrideReasons", []):
        if not {"code", "system", "display"} <= reason.keys():
            yield "a reason has no display"
    suggestions = card.get("suggestions", [])
    if suggestions and card.get("selectionBehavior") not in ("at-most-one", "any"):
        yield "there are suggestions and no selectionBehavior"
    recommended = sum(bool(one.get("isRecommended")) for one in suggestions)
    if card.get("selectionBehavior") == "at-most-one" and recommended > 1:
        yield "cds-resp-1: several are recommended of which one at most is to be chosen"
    for suggestion in suggestions:
        if not suggestion.get("label"):
            yield "a suggestion has no label"
        for action in suggestion.get("actions", []):
            yield from _wrong_in_action(action)
    for link in card.get("links", []):
        if link["type"] not in ("absolute", "smart") or (
            "appContext" in link and link["type"] != "smart"
        ):
            yield "a link is none"


def _wrong_in_action(action: dict[str, Any]) -> Iterator[str]:
    if not action.get("description"):
        yield "an action has no description"
    if action["type"] not in ("create", "update", "delete"):
        yield "the type of an action is none"
    if ("resource" in action) != (action["type"] in ("create", "update")):
        yield "an action has a resource if it creates or updates, and only then"
    if ("resourceId" in action) != (action["type"] == "delete"):
        yield "an action names what it deletes, and only then"
