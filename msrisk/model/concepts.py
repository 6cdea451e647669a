"""Defines the vocabulary: medicines, classes, conditions, and their names and codes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple, NoReturn, TypeVar

from attrs import field, frozen

from msrisk.model.later import Later
from msrisk.model.quantities import Amount

__all__ = [
    "ANYTHING",
    "Anything",
    "CODE_SYSTEMS",
    "Codes",
    "Concept",
    "ConceptKind",
    "Confusable",
    "Dose",
    "Drug",
    "DrugClass",
    "Fixed",
    "MemberBasis",
    "Membership",
    "Possible",
    "Recognition",
    "Term",
    "Vocabulary",
    "Why",
    "WordKind",
    "Words",
    "WordsRead",
    "closure",
    "frozen_codes",
]

CODE_SYSTEMS: Final[Mapping[str, str]] = {
    "atc": "http://www.whocc.no/atc",
    "icd_9_cm": "http://hl7.org/fhir/sid/icd-9-cm",
    "icd_10": "http://hl7.org/fhir/sid/icd-10",
    "icd_10_cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "snomed": "http://snomed.info/sct",
}
"""FHIR system URI of each code system that the vocabulary names by a short key."""


V = TypeVar("V")
Codes = Mapping[str, tuple[str, ...]]
"""Per code system, by its short key, the codes that name something."""

Why = Mapping[str, tuple[str, str]]
"""For each concept its basis ("labelled", "judged" or "named") and the reason."""


class Fixed(dict[str, V]):
    """A dictionary that cannot be changed, so that what holds it can be shared."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Fixed[V]], tuple[dict[str, V]]]:
        return type(self), (dict(self),)


# One function a type, because attrs reads the types of a converter.
def frozen_codes(codes: Codes) -> Codes:
    """Return a copy of the codes that cannot be changed."""
    return Fixed(codes)


def _frozen_why(why: Why) -> Why:
    return why if type(why) is Fixed else Fixed(why)


def frozen_doses(doses: Mapping[str, Dose]) -> Mapping[str, Dose]:
    """Return doses by the id of the product, as a mapping that cannot be changed."""
    return doses if type(doses) is Fixed else Fixed(doses)


class Anything(Enum):
    """The possible concepts of an entry that is not recognised: whatever its field can tell."""

    ANYTHING = "anything"

    def __contains__(self, concept: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ANYTHING"


ANYTHING: Final = Anything.ANYTHING
Possible = frozenset[str] | Anything


class ConceptKind(Enum):
    """What sort of thing a concept is."""

    DRUG_CLASS = "drug_class"
    DRUG = "drug"
    SUPPLEMENT = "supplement"
    CONDITION = "condition"
    TOPIC = "topic"
    ALLERGEN = "allergen"
    SYMPTOM = "symptom"


class MemberBasis(Enum):
    """Who says that a drug belongs to a class: its labelling, or msrisk."""

    LABELLED = "labelled"
    JUDGED = "judged"


@frozen
class DrugClass:
    """A class of drugs; an ATC code that begins with one of `atc` is a member."""

    id: str
    name: str
    definition: str
    within: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@frozen
class Membership:
    """That a drug belongs to a class, and why.

    Attributes:
        id: the class.
        basis: labelled, or judged by msrisk.
        why: the labelling or the reason, in a clause.
        not_by: routes by which the drug acts only locally, so that it is no member.
        ask_route: whether the name alone, with no route said, leaves it open.

    """

    id: str
    basis: MemberBasis
    why: str
    not_by: tuple[str, ...] = ()
    ask_route: bool = False


@frozen
class Drug:
    """A drug by its names and codes; a combination has `ingredients` instead of classes."""

    id: str
    name: str
    source: str
    names: tuple[str, ...] = ()
    codes: Codes = field(factory=dict, converter=frozen_codes)
    ingredients: tuple[str, ...] = ()
    classes: tuple[Membership, ...] = ()


@frozen
class Concept:
    """A condition, topic, allergen, symptom or supplement.

    Attributes:
        id: its permanent name.
        kind: which of these it is.
        name: what people are shown.
        names: what people write for it.
        within: concepts of the same kind that it is a case of.
        codes: per code system, prefixes that mean it; the longest prefix wins.
        told_in: fields that must be answered before its absence is known.
        implies: drug classes that the words themselves say are taken.
        opens: what it leaves open: drug classes that most people with it take.
        if_treated: what is open besides if words say that it is treated.
        if_planned: what is open besides if words say that it is still to come.
        drug: whether an allergen is a medicine, of which "no drug allergies" speaks.
        source: where names and codes are from.

    """

    id: str
    kind: ConceptKind
    name: str
    told_in: tuple[str, ...]
    names: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    codes: Codes = field(factory=dict, converter=frozen_codes)
    implies: tuple[str, ...] = ()
    drug: bool = False
    source: str = ""
    opens: tuple[str, ...] = ()
    if_treated: tuple[str, ...] = ()
    if_planned: tuple[str, ...] = ()


@frozen
class Term:
    """Words and codes that are ambiguous or general: what they certainly and possibly mean."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    why: str
    concepts: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    codes: Codes = field(factory=dict, converter=frozen_codes)


class WordKind(Enum):
    """What a word does in an entry, when it is not the name of a concept.

    A salt ("citrate") and a form ("capsule", "medicine") say nothing beside the name of a
    product, but where the name is missing they speak of a product that is not named.
    That there is nothing else denies nothing that is named, and alone is a "none".
    Beside an illness, what treats that is meant by "on tablets"; a medicine of a trial or
    given by injection may be any.
    """

    FILLER = "filler"
    SALT = "salt"
    FORM = "form"
    ROUTE = "route"
    NEGATED = "negated"
    STOPPED = "stopped"
    PLANNED = "planned"
    OTHER_PERSON = "other-person"
    DOUBTFUL = "doubtful"
    NOW = "now"
    TREATED = "treated"
    ANY_MEDICINE = "any-medicine"
    ALLERGY = "allergy"
    NONE = "none"
    NOTHING_ELSE = "nothing-else"
    NO_DRUG_ALLERGY = "no-drug-allergy"
    NO_FOOD_ALLERGY = "no-food-allergy"
    UNSAID = "unsaid"
    INDICATION = "indication"
    EXCEPT = "except"

    # The members are few and looked up for every word: the hash of their names takes longer.
    __hash__ = object.__hash__


@frozen
class Words:
    """A list of words of one kind; a route list has the route's `id`.

    An ATC code that begins with one of `atc` says that route by itself; each of `codes`
    says the same as the words.
    """

    kind: WordKind
    words: tuple[str, ...]
    fields: tuple[str, ...] = ("supplements", "medications", "conditions", "allergies", "symptoms")
    id: str = ""
    about: str = ""
    atc: tuple[str, ...] = ()
    codes: Codes = field(factory=dict, converter=frozen_codes)


@frozen
class Confusable:
    """Names of different products that look or sound alike and are mistaken for one another."""

    names: tuple[str, ...]
    source: str


@frozen
class Vocabulary(Later):
    """Every name and code that msrisk knows."""

    drug_classes: tuple[DrugClass, ...]
    drugs: tuple[Drug, ...]
    concepts: tuple[Concept, ...]
    terms: tuple[Term, ...]
    words: tuple[Words, ...]
    confusables: tuple[Confusable, ...] = ()


@frozen
class Dose:
    """How much of something is taken, as far as it is known: in mg, mg a day, doses a day."""

    each: Amount
    daily: Amount
    times: Amount

    @property
    def of_a_day(self) -> Amount:
        """What a day brings on which it is taken, in mg a day: one amount at least.

        Of what is not taken every day, `daily` is only a mean: 6 g once a week bring 6 g in
        one day, and ten intakes a week bring two on some day.
        """
        low = max(self.daily.low, self.each.low * _on_a_day(self.times.low))
        most = self.each.high * _on_a_day(self.times.high)
        high = self.daily.high if math.isinf(most) else max(self.daily.high, most)
        return Amount(low, high, self.daily.unit)


def _on_a_day(times: float) -> int:
    """Return how many intakes the fullest day has, where the mean of a day tells less."""
    return 1 if math.isinf(times) or round(times, 6) % 1 == 0 else math.ceil(times)


class WordsRead(NamedTuple):
    """Words of an entry, and what they were read as.

    Attributes:
        words: as they were compared: in lower case, without accents and marks.
        role: "name", "number", "not understood", or the value of a `WordKind`.
        meaning: of a name its preferred name, of a route its id; else empty.

    """

    words: str
    role: str
    meaning: str = ""


@frozen(cache_hash=True)
class Recognition(Later):
    """What an entry certainly is, and what else it may be.

    Attributes:
        text: the words as typed; None when there was only a code.
        kind: "medication", "condition", "allergy", "symptom" or "supplement".
        concepts: ids of what it certainly is, with all that these are cases of; of a
            medication these are its classes, none for a known drug in no class.
        named: ids of what the words or codes name, drugs included, without what these
            are cases of.
        possible: ids of what else it may be, or `ANYTHING`.
        heard: when it may be anything, the ids that its words name all the same.
        allergens: ids of what it certainly names as something that the patient does not
            bear; what it tells as taken, had or noticed are the others.
        may_be_allergens: ids of what it possibly tells so, named or not.
        unnamed: ids among the possible, as allergens or otherwise, that its words leave
            open and do not name.
        says: true if the entry says that the patient takes or has something, false if
            it says that there is nothing, None if it says neither (stopped, planned,
            negated, somebody else's, not known).
        name: preferred name of what was recognised; None if nothing was.
        why: for each concept, its basis and the reason.
        reason: why something else is possible, in a clause; empty if nothing is.
        suggestions: at most three names that look alike, for a person to confirm.
        warning: what may go wrong in choosing among them, in a clause; empty if nothing is known.
        dose: the dose that the words tell, if they do.
        doses: of an entry of several products, the dose of each substance, by its id.
        directions_left: words about the dose of a substance that were not understood.
        taking: of a supplement, whether the words say that it was started.
        read: what each of its words was read as, in their order.

    """

    text: str | None
    kind: str
    concepts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    possible: Possible = frozenset()
    heard: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    may_be_allergens: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()
    says: bool | None = True
    name: str | None = None
    why: Why = field(factory=Fixed, converter=_frozen_why, hash=False)
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    warning: str = ""
    dose: Dose | None = None
    doses: Mapping[str, Dose] = field(factory=Fixed, converter=frozen_doses, hash=False)
    directions_left: tuple[str, ...] = ()
    taking: bool | None = None
    read: tuple[WordsRead, ...] = ()

    @property
    def may_be(self) -> frozenset[str]:
        """Return the ids of what else it may be, as far as its words or codes name them."""
        return (self.heard if self.possible is ANYTHING else self.possible) - self.unnamed

    @property
    def status(self) -> str:
        """Return "recognised", "unrecognised" or "ambiguous"."""
        if self.possible is not ANYTHING and not self.possible:
            return "recognised"
        if self.possible is ANYTHING and self.name is None:
            return "unrecognised"
        return "ambiguous"


def closure(ids: Iterable[str], parents: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Return the ids and everything that they are cases of."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        id_ = waiting.pop()
        if id_ not in found:
            found.add(id_)
            waiting.extend(parents.get(id_, ()))
    return frozenset(found)
