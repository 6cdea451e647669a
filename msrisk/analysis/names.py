"""What became of each name, word and code of the vocabulary, and what that does to patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from msrisk.analysis.cells import leaves
from msrisk.analysis.entries import Both, Changed, Key, Probe
from msrisk.analysis.patients import TooManyError
from msrisk.analysis.readings import Readings
from msrisk.analysis.results import Change, Shown, Verdict
from msrisk.analysis.rules import Rules
from msrisk.analysis.states import State
from msrisk.deciding import READ, Decider
from msrisk.model.concepts import ANYTHING, WordKind
from msrisk.model.results import rank
from msrisk.model.rules import Rule
from msrisk.recognition.lexicon import Meaning

__all__ = ["Names"]

_HOME: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")
# What an entry that could be anything keeps open, and a name that is known settles.
_SETTLED: Final = {"question", "assessment", "level", "worst case"}


_Group = tuple[str, str, *tuple[object, ...]]
"""What changes are told together: what about, which one, and all else that must be the same."""


@frozen
class _Judged:
    """What a change of one sort of entry does, with a patient who has `probe` among others."""

    verdict: Verdict
    probe: Probe
    state: State | None = None
    harm: tuple[int, ...] = ()
    reviewed: bool = False


class Names:
    """The names, words and codes that two rule sets read differently."""

    def __init__(self, both: Both, rules: Rules) -> None:
        self.both = both
        self.rules = rules
        self.readings = Readings(both)
        self._by_key: dict[Key, _Judged] = {}

    def changes(self) -> Iterator[Change]:
        """Yield what became of the vocabulary, by what the names stand for."""
        worst: dict[tuple[str, str, str], tuple[Changed, _Judged]] = {}
        for one in self.both.changed:
            meaning = one.new or one.old
            if meaning is None:
                raise AssertionError(one)
            if not all(each.is_name for each in (one.old, one.new) if each is not None):
                yield self._word(one)
                continue
            judged = self._judge(self.both.entry_of(one))
            # One line for a name that is read in several fields: the worst of them.
            named = "code" if one.system else "name", _id(meaning), one.name
            worst[named] = min(worst.get(named, (one, judged)), (one, judged), key=self._gravest)
        groups: dict[_Group, list[tuple[Changed, _Judged]]] = {}
        for (about, id_, _), (one, judged) in worst.items():
            group: _Group = about, id_, (id(one.old), id(one.new))
            if cause := self.readings.cause(one):
                group = "class", ", ".join(cause), cause
            group = (*group, judged.verdict, judged.reviewed)
            groups.setdefault(group, []).append((one, judged))
        shown: set[Key] = set()
        for (about, id_, *_), changed in groups.items():
            one, judged = min(changed, key=self._gravest)
            patient = None
            key = self.both.key(judged.probe)
            if judged.state is not None and (judged.verdict is Verdict.WEAKENS or key not in shown):
                shown.add(key)
                patient = self.rules.shown(self._with(one, judged.probe, judged.state))
            says = tuple(self._says(about, id_, one))
            names = tuple(dict.fromkeys(each.name for each, _ in changed))
            yield Change(judged.verdict, about, id_, says, names, judged.reviewed, patient)

    def _gravest(self, one: tuple[Changed, _Judged]) -> tuple[object, ...]:
        """Return what orders names, the gravest first, and of these where they are at home."""
        changed, judged = one
        verdict, harm = _gravity(judged)
        named = {id_ for each in (changed.old, changed.new) if each for id_ in each.named}
        away = not named.isdisjoint(self.rules.covered) and changed.field != "supplements"
        return verdict, harm[:1], away, harm, _HOME.index(changed.field)

    def _with(self, changed: Changed, stands_for: Probe, state: State) -> State:
        """Return a patient who has a name in place of the one that stood for its sort."""
        probe = self.both.entry_of(changed)
        told = tuple(probe if each is stands_for else each for each in state.told)
        return evolve(state, told=told)

    def _says(self, about: str, id_: str, changed: Changed) -> Iterator[str]:
        if about == "class":
            for cause in self.readings.cause(changed):
                yield from self.readings.edits(cause)
        else:
            yield from self.readings.of(self.both.entry_of(changed))
            yield from self.readings.sources(id_)

    def _judge(self, probe: Probe) -> _Judged:
        """Return what the change of a sort of entry does, once for all entries of the sort."""
        key = self.both.key(probe)
        if key not in self._by_key:
            self._by_key[key] = self._judge_sort(probe)
        return self._by_key[key]

    def _judge_sort(self, probe: Probe) -> _Judged:
        if self.both.is_same(probe):
            return _reworded(probe)
        plain = [(self.rules.shown(state), state) for state in self._around(probe)]
        lost = [self._lost(probe, state, shown) for shown, state in plain if shown.losses]
        if not all(judged.verdict is Verdict.SETTLES for judged in lost) or not lost:
            # A rule above all that was lost so far may want other facts besides.
            most = max((judged.harm for judged in lost), default=(0,))[0]
            try:
                beside = self._beside_others(probe, most)
            except TooManyError:
                if not lost:
                    return _Judged(Verdict.UNDECIDED, probe)
            else:
                if beside is not None:
                    lost.append(self._lost(probe, beside, self.rules.shown(beside)))
        if lost:
            return min(lost, key=_gravity)
        gained = any(shown.gains for shown, _ in plain)
        return _Judged(Verdict.STRENGTHENS if gained else Verdict.EQUIVALENT, probe)

    def _lost(self, probe: Probe, state: State, shown: Shown) -> _Judged:
        """Tell a name that settles what was open from one by which something is lost."""
        unknown = probe.old.recognition.possible is ANYTHING
        settled = unknown and all(loss.what in _SETTLED for loss in shown.losses)
        verdict = Verdict.SETTLES if settled else Verdict.WEAKENS
        return _Judged(verdict, probe, state, self.rules.harm(shown))

    def _around(self, probe: Probe) -> Iterator[State]:
        """Yield patients of whom nothing is told but an entry and a supplement."""
        if probe.field == "supplements":
            yield evolve(self.rules.nobody, told=(probe,))
        for state in map(self.rules.plain, self.rules.covered):
            # What a supplement that is read differently loses by itself is said of its name.
            if all(map(self.both.is_same, state.told)):
                yield evolve(state, told=(*state.told, probe))

    def _beside_others(self, probe: Probe, above: int) -> State | None:
        """Return a patient who loses a rule that an entry meets together with other facts.

        Of the rules whose level ranks above a number, the highest first.
        """
        seen: list[tuple[int, str, Rule]] = []
        for substance in self.rules.covered:
            state = self.rules.plain(substance)
            told = evolve(state, told=(*state.told, probe))
            profile = told.profile()
            first = Decider(told.facts(profile, 0), self.rules.old, substance)
            second = Decider(told.facts(profile, 1), self.rules.new, substance)
            for rule in self.rules.old.rules_for(substance):
                level = rule.kind.level
                if level is not None and rank(level) > above and self._is_seen(rule, first, second):
                    seen.append((rank(level), substance, rule))
        for _, substance, rule in sorted(seen, key=lambda one: -one[0]):
            heirs = self.rules.heirs_of(rule, substance)
            found = self.rules.forward.patient(substance, rule, heirs, probe)
            if found is not None:
                return found
        return None

    def _is_seen(self, rule: Rule, first: Decider, second: Decider) -> bool:
        """Whether a rule tells an entry apart from what it has become, or was rewritten."""
        if rule.when is None:
            return False
        tests = [test for test in leaves(rule.when) if type(test) in READ]
        if rule not in self.rules.heirs_of(rule, first.substance):
            return bool(tests)
        return any(first.truth(test) is not second.truth(test) for test in tests)

    def _word(self, changed: Changed) -> Change:
        """Return what a change of grammar does, as far as a few entries can show it."""
        one = changed.old or changed.new
        if one is None:
            raise AssertionError(changed)
        says = (f"it was {_kind(changed.old)}, and is {_kind(changed.new)}, in {changed.field}",)
        found = [self._judge(probe) for probe in self._beside_names(changed)]
        order = list(Verdict)
        worst = min(found, key=lambda judged: order.index(judged.verdict))
        verdict = worst.verdict
        removed = changed.new is None and one.word is WordKind.FILLER
        # What "no drug allergies" leaves open, these words alone tell.
        alone = {_word_kind(changed.old), _word_kind(changed.new)} == {WordKind.NO_DRUG_ALLERGY}
        if worst.state is None and not alone:
            # A few entries can show a loss; that there is none they cannot show.
            verdict = Verdict.STRENGTHENS if removed else Verdict.UNDECIDED
        shown = None if worst.state is None else self.rules.shown(worst.state)
        return Change(verdict, "word", changed.name, says, (changed.name,), shown=shown)

    def _beside_names(self, changed: Changed) -> Iterator[Probe]:
        """Yield entries that hold a word: alone, before a name, and behind it."""
        yield self.both.entry_of(changed)
        for probe in self._certain(changed.field):
            name = probe.entry.text
            yield self.both.named(changed.field, f"{name} {changed.name}")
            yield self.both.named(changed.field, f"{changed.name} {name}")

    def _certain(self, field: str) -> Iterable[Probe]:
        """Return names that are known for certain, those of which rules speak first."""
        sure = [
            probe
            for probe in self.both.sorts(field)
            if probe.old.recognition.status == "recognised" and probe.old.recognition.says
        ]
        return sorted(sure, key=lambda probe: not probe.old.recognition.concepts)[:4]


def _gravity(judged: _Judged) -> tuple[int, tuple[int, ...]]:
    """Return what orders judgements, the gravest first; what settles, settles all alike."""
    lost = judged.harm if judged.verdict is Verdict.WEAKENS else ()
    return list(Verdict).index(judged.verdict), tuple(-one for one in lost)


def _reworded(probe: Probe) -> _Judged:
    """Judge a change that no rule sees: the reasons in a finding are others, or the name."""
    before, now = probe.old.recognition, probe.new.recognition
    old, new = before.why, now.why
    basis = any(old[id_][0] != new[id_][0] for id_ in old.keys() & new.keys())
    # Of a name that stands for something else, the next rule may be wrong.
    other = bool(before.named and now.named and before.named.isdisjoint(now.named))
    same = (old, before.name) == (new, now.name)
    verdict = Verdict.EQUIVALENT if same and not other else Verdict.REWORDS
    return _Judged(verdict, probe, reviewed=basis or other)


def _word_kind(meaning: Meaning | None) -> WordKind | None:
    return meaning.word if meaning is not None else None


def _id(meaning: Meaning) -> str:
    return ", ".join(meaning.named) or meaning.name


def _kind(meaning: Meaning | None) -> str:
    if meaning is None:
        return "not known"
    if meaning.word is None:
        return f"a name of {meaning.name}"
    return (
        f"a word of the kind {meaning.word.value}{f' ({meaning.route})' if meaning.route else ''}"
    )
