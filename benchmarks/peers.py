"""What other rule engines take for the same rules: a table of docs/performance.md.

Each engine gets the conditions of the shipped rules over tests that are decided already, as the
straight-line code of `benchmarks/reference.py` does, and gives no reasons either. Before it is
timed it must say the same of every example. An engine that knows true and false only is asked
twice: with the tests that hold, and with those that may hold. Each is also asked whether a weight
is below 50 kg when none was told.

`pip install 'msrisk[peers]'` installs them; what cannot be imported says why.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

__all__ = ["PEERS", "Expression", "Peer", "Rules", "Tests"]

Expression = Any
"""A condition: the name of a test, or "and" or "or" with a list of conditions."""

Rules = Mapping[str, Expression]
"""The condition of each rule, by its id."""

Tests = Mapping[str, int]
"""Of each test 2 if it holds, 1 if it may, 0 if it does not."""

Decide = Callable[[Tests], tuple[list[str], list[str]]]
"""Tells which rules apply, and which are open."""


class Peer(NamedTuple):
    """An engine.

    Attributes:
        name: its package.
        language: what it is written in.
        values: how many truth values it is asked for: 3, or 2 and so it is asked twice.
        make: prepares rules, and returns what decides them.
        below: asks whether a weight is below 50 where none is told.

    """

    name: str
    language: str
    values: int
    make: Callable[[Rules], Decide]
    below: Callable[[], object]


def _infix(rule: Expression, both: str, either: str, name: str = "{}") -> str:
    if isinstance(rule, str):
        return name.format(rule)
    kind, parts = rule
    sign = f" {both if kind == 'and' else either} "
    return f"({sign.join(_infix(part, both, either, name) for part in parts)})"


def _prefix(rule: Expression, leaf: Callable[[str], object], both: str, either: str) -> object:
    if isinstance(rule, str):
        return leaf(rule)
    kind, parts = rule
    return {both if kind == "and" else either: [_prefix(p, leaf, both, either) for p in parts]}


def _names(rules: Rules) -> list[str]:
    """Return the tests of all rules, in order."""

    def of(rule: Expression) -> set[str]:
        return {rule} if isinstance(rule, str) else set().union(*map(of, rule[1]))

    return sorted(set[str]().union(*map(of, rules.values())))


def _twice(rules: Rules, holding: Callable[[Mapping[str, bool]], Sequence[bool]]) -> Decide:
    """Ask an engine that says of each rule whether it holds, with both kinds of tests."""

    def decide(tests: Tests) -> tuple[list[str], list[str]]:
        true = holding({name: value == 2 for name, value in tests.items()})
        may = holding({name: value > 0 for name, value in tests.items()})
        told = list(zip(rules, true, may, strict=True))
        return [id_ for id_, one, _ in told if one], [id_ for id_, a, b in told if b and not a]

    return decide


def _decided(rules: Rules, values: Sequence[object]) -> tuple[list[str], list[str]]:
    told = list(zip(rules, values, strict=True))
    return [id_ for id_, one in told if one == 2], [id_ for id_, one in told if one == 1]


def _datalogic(rules: Rules) -> Decide:
    def leaf(name: str) -> object:
        return {"var": name}

    logic = [_prefix(one, leaf, "min", "max") for one in rules.values()]
    rule = import_module("datalogic_py").Engine().compile(logic)
    return lambda tests: _decided(rules, rule.evaluate(tests))


def _datalogic_below() -> object:
    return import_module("datalogic_py").apply({"<": [{"var": "weight"}, 50]}, {})


def _shalosh(rules: Rules) -> Decide:
    engine = import_module("shalosh")

    def made(rule: Expression) -> object:
        if isinstance(rule, str):
            return engine.leaf(rule)
        return (engine.and_ if rule[0] == "and" else engine.or_)(*map(made, rule[1]))

    ready = [made(one) for one in rules.values()]
    told = {2: True, 1: "unknown", 0: False}
    values = {True: 2, "unknown": 1, False: 0}

    def decide(tests: Tests) -> tuple[list[str], list[str]]:
        data = {name: told[value] for name, value in tests.items()}
        return _decided(rules, [values[engine.evaluate(one, data)] for one in ready])

    return decide


def _shalosh_below() -> object:
    engine = import_module("shalosh")
    return engine.evaluate(engine.leaf("weight below 50"), {})


def _zen(rules: Rules) -> Decide:
    text = ", ".join(_infix(one, "and", "or") for one in rules.values())
    ready = import_module("zen").compile_expression(f"[{text}]")
    return _twice(rules, ready.evaluate)


def _zen_below() -> object:
    return import_module("zen").evaluate_expression("weight < 50", {})


def _cel(rules: Rules) -> Decide:
    cel = import_module("cel_expr_python.cel")
    environment = cel.NewEnv(variables=dict.fromkeys(_names(rules), cel.Type.BOOL))
    text = ", ".join(_infix(one, "&&", "||") for one in rules.values())
    ready = environment.compile(f"[{text}]")
    return _twice(rules, lambda tests: [one.value() for one in ready.eval(data=tests).value()])


def _cel_below() -> object:
    cel = import_module("cel_expr_python.cel")
    environment = cel.NewEnv(variables={"weight": cel.Type.INT})
    return environment.compile("weight < 50").eval(data={}).value()


def _rule_engine(rules: Rules) -> Decide:
    engine = import_module("rule_engine")
    ready = [engine.Rule(_infix(one, "and", "or")) for one in rules.values()]
    return _twice(rules, lambda tests: [one.matches(tests) for one in ready])


def _rule_engine_below() -> object:
    return import_module("rule_engine").Rule("weight < 50").matches({})


_PERMIT: Final = "permit(principal, action, resource) when {{ {} }};"
_REQUEST: Final = {"principal": 'P::"p"', "action": 'A::"a"', "resource": 'R::"r"'}


def _cedar(rules: Rules) -> Decide:
    engine = import_module("cedarpy")
    texts = [_PERMIT.format(_infix(one, "&&", "||", "context.{}")) for one in rules.values()]
    policies = engine.PolicySet.from_str("\n".join(texts))

    def holding(tests: Mapping[str, bool]) -> Sequence[bool]:
        answer = engine.is_authorized({**_REQUEST, "context": tests}, policies, [])
        reasons = set(answer.diagnostics.reasons)
        return [f"policy{number}" in reasons for number in range(len(rules))]

    return _twice(rules, holding)


def _cedar_below() -> object:
    policy = _PERMIT.format("context.weight < 50")
    answer = import_module("cedarpy").is_authorized({**_REQUEST, "context": {}}, policy, [])
    return f"{answer.decision.value}, with an error among its diagnostics"


def _clips(rules: Rules) -> Decide:
    engine = import_module("clips").Environment()
    for name in _names(rules):
        engine.build(f"(deftemplate {name} (slot of))")
    engine.build("(deftemplate applies (slot rule))")

    def made(rule: Expression) -> str:
        return (
            f"({rule})" if isinstance(rule, str) else f"({rule[0]} {' '.join(map(made, rule[1]))})"
        )

    for id_, one in rules.items():
        engine.build(f"(defrule {id_} (exists {made(one)}) => (assert (applies (rule {id_}))))")

    def holding(tests: Mapping[str, bool]) -> Sequence[bool]:
        engine.reset()
        for name, value in tests.items():
            if value:
                engine.assert_string(f"({name})")
        engine.run()
        found = {str(fact["rule"]) for fact in engine.find_template("applies").facts()}
        return [id_ in found for id_ in rules]

    return _twice(rules, holding)


def _clips_below() -> object:
    engine = import_module("clips").Environment()
    engine.build("(deftemplate weight (slot kg))")
    engine.build("(defrule r (weight (kg ?kg&:(< ?kg 50))) => (assert (applies)))")
    engine.reset()
    engine.run()
    return bool(list(engine.facts()))


def _business_rules(rules: Rules) -> Decide:
    engine, actions = import_module("business_rules"), import_module("business_rules.actions")
    variables = import_module("business_rules.variables")

    def variable(name: str) -> object:
        def read(self: Any) -> bool:
            return bool(self.tests[name])

        read.__name__ = name
        return variables.boolean_rule_variable(read)

    def fire(self: Any, id_: str) -> None:
        self.fired.add(id_)

    def leaf(name: str) -> object:
        return {"name": name, "operator": "is_true", "value": True}

    told = type("Told", (variables.BaseVariables,), {n: variable(n) for n in _names(rules)})
    does = type(
        "Does", (actions.BaseActions,), {"fire": actions.rule_action({"id_": "text"})(fire)}
    )
    ready = [
        {
            "conditions": _prefix(("and", [one]), leaf, "all", "any"),
            "actions": [{"name": "fire", "params": {"id_": id_}}],
        }
        for id_, one in rules.items()
    ]

    def holding(tests: Mapping[str, bool]) -> Sequence[bool]:
        patient, fired = told(), does()
        patient.tests, fired.fired = tests, set()
        engine.run_all(ready, patient, fired)
        return [id_ in fired.fired for id_ in rules]

    return _twice(rules, holding)


def _business_rules_below() -> object:
    return import_module("business_rules.operators").NumericType(None).less_than(50)


def _json_logic(rules: Rules) -> Decide:
    logic = import_module("json_logic").jsonLogic
    ready = [_prefix(one, lambda name: {"var": name}, "and", "or") for one in rules.values()]
    return _twice(rules, lambda tests: [logic(one, tests) for one in ready])


def _json_logic_below() -> object:
    return import_module("json_logic").jsonLogic({"<": [{"var": "weight"}, 50]}, {})


def _experta_engine() -> Any:
    # It needs a class by the place where it stood before Python 3.10.
    vars(collections)["Mapping"] = Mapping
    return import_module("experta")


def _experta(rules: Rules) -> Decide:
    engine = _experta_engine()
    fact = type("Holds", (engine.Fact,), {})

    def made(rule: Expression) -> object:
        if isinstance(rule, str):
            return fact(test=rule)
        kind, parts = rule
        return (engine.AND if kind == "and" else engine.OR)(*map(made, parts))

    def fires(id_: str, one: Expression) -> object:
        return engine.Rule(made(one))(lambda self: self.fired.add(id_))

    each = {f"rule_{at}": fires(id_, one) for at, (id_, one) in enumerate(rules.items())}
    machine = type("Machine", (engine.KnowledgeEngine,), each)()

    def holding(tests: Mapping[str, bool]) -> Sequence[bool]:
        machine.reset()
        machine.fired = set()
        for name, value in tests.items():
            if value:
                machine.declare(fact(test=name))
        machine.run()
        return [id_ in machine.fired for id_ in rules]

    return _twice(rules, holding)


def _experta_below() -> object:
    engine = _experta_engine()
    fact = type("Weight", (engine.Fact,), {})
    fired: list[bool] = []
    rule = engine.Rule(fact(kg=engine.P(lambda kg: kg < 50)))(lambda _: fired.append(True))
    machine = type("Machine", (engine.KnowledgeEngine,), {"rule": rule})()
    machine.reset()
    machine.run()
    return bool(fired)


PEERS: Final = (
    Peer("datalogic-py", "Rust", 3, _datalogic, _datalogic_below),
    Peer("shalosh", "Python", 3, _shalosh, _shalosh_below),
    Peer("zen-engine", "Rust", 2, _zen, _zen_below),
    Peer("cel-expr-python", "C++", 2, _cel, _cel_below),
    Peer("rule-engine", "Python", 2, _rule_engine, _rule_engine_below),
    Peer("cedarpy", "Rust", 2, _cedar, _cedar_below),
    Peer("clipspy", "C", 2, _clips, _clips_below),
    Peer("business-rules", "Python", 2, _business_rules, _business_rules_below),
    Peer("json-logic-qubit", "Python", 2, _json_logic, _json_logic_below),
    Peer("experta", "Python", 2, _experta, _experta_below),
)
