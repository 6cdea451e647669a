"""Asks a person the questions that are still open, and makes the answers a profile.

Without a terminal, a page or a form: `open_questions` gives questions as data, and a `Form`
holds what was answered. Nothing here changes; going back is the form without the last answer.
"""

from msrisk.asking.again import question_of, taken_up
from msrisk.asking.form import Answer, Answered, Form, Kind, Named, Names, Question, Said, fitting
from msrisk.asking.questions import next_question, open_questions
from msrisk.asking.reported import asked_in
from msrisk.asking.urgency import Urgent, urgent

__all__ = [
    "Answer",
    "Answered",
    "Form",
    "Kind",
    "Named",
    "Names",
    "Question",
    "Said",
    "Urgent",
    "asked_in",
    "fitting",
    "next_question",
    "open_questions",
    "question_of",
    "taken_up",
    "urgent",
]
