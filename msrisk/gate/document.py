"""Writes a diff, and the answer of the gate, as JSON documents."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import asdict

from msrisk.checking import Remark
from msrisk.diff.changes import About, Diff, Loss, Shown
from msrisk.documents import profile_to_document
from msrisk.gate.proposal import proposal
from msrisk.gate.signatures import Signatures
from msrisk.model.rules import RuleSet

__all__ = ["diff_document", "gate_document"]


def diff_document(
    diff: Diff, signatures: Signatures, *, changelog: str | None, passed: bool
) -> dict[str, object]:
    """Return a diff in JSON types, with stable key order.

    Args:
        diff: all changes.
        signatures: who has signed for them.
        changelog: what the changelog lacks, in words; empty if nothing, None if none was named.
        passed: whether nothing is left to do.

    """
    waiting = frozenset(signatures.waiting)
    heirs: dict[str, list[str]] = {}
    for rule in diff.new.rules:
        for id_ in rule.replaces:
            heirs.setdefault(id_, []).append(rule.id)
    return {
        "schema": "msrisk-diff/1",
        "passed": passed,
        "old": _version(diff.old),
        "new": _version(diff.new),
        "unsigned": len(signatures.waiting),
        "incomplete": list(signatures.incomplete),
        "changelog": {"asked": changelog is not None, "lacks": changelog or None},
        "notes": list(diff.notes),
        "edits": list(diff.edits),
        "changes": [
            {
                "verdict": change.verdict.value,
                "about": change.about,
                "id": change.id,
                "replaced_by": heirs.get(change.id, []) if change.about is About.RULE else [],
                "says": list(change.says),
                "names": list(change.names),
                "needs_signature": change.gated,
                "signed": change in signatures.given,
                "signatures": [
                    {"by": one.reviewed_by, "on": one.on, "reason": one.reason}
                    for one in signatures.given.get(change, ())
                ],
                "proposal": proposal(diff, [change]) if change in waiting else None,
                "patient": _patient_document(change.shown),
            }
            for change in diff.changes
        ],
    }


def gate_document(
    base: str,
    ruleset: RuleSet,
    to_do: Sequence[str],
    remarks: Sequence[Remark],
    diff: dict[str, object] | None,
) -> dict[str, object]:
    """Return what the gate found in JSON types; `diff` is the document of the diff, if any."""
    return {
        "schema": "msrisk-gate/1",
        "passed": not to_do,
        "to_do": list(to_do),
        "base": base,
        "ruleset": {"name": ruleset.name, **_version(ruleset)},
        "remarks": [asdict(one) for one in remarks],
        "diff": diff,
    }


def _version(ruleset: RuleSet) -> dict[str, object]:
    return {"version": ruleset.version, "digest": ruleset.digest}


def _patient_document(shown: Shown | None) -> dict[str, object] | None:
    if shown is None:
        return None
    return {
        "intake": profile_to_document(shown.profile),
        "before": shown.before,
        "after": shown.after,
        "losses": [_loss_document(loss) for loss in shown.losses],
        "gains": [_loss_document(gain) for gain in shown.gains],
    }


def _loss_document(loss: Loss) -> dict[str, object]:
    return {
        "what": loss.what,
        "id": loss.id,
        "about": loss.about,
        "before": loss.before.value if loss.before is not None else None,
        "after": loss.after.value if loss.after is not None else None,
        "message": loss.message,
        "action": loss.action,
        "without": list(loss.without),
    }
