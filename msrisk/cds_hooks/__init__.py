"""Answers CDS Hooks: which services there are, the cards of a request, the feedback on cards."""

from msrisk.cds_hooks.feedback import Feedback, feedback_from_lines, read_feedback, summed
from msrisk.cds_hooks.responding import not_checked, respond
from msrisk.cds_hooks.services import services

__all__ = [
    "Feedback",
    "feedback_from_lines",
    "not_checked",
    "read_feedback",
    "respond",
    "services",
    "summed",
]
