"""A report in FHIR loses nothing, and no part of it stands without its caveat and source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import msrisk
from msrisk import Level
from msrisk.errors import ProfileError
from msrisk.fhir import detected_issues, guidance
from msrisk.fhir.issues import SEVERITY
from msrisk.fhir.systems import Json
from tests.fhir.other_reader import lost

PROFILES: Mapping[str, dict[str, Any]] = {
    "nothing known": {},
    "one open": {"supplements": ["alpha lipoic acid"]},
    "three supplements": {
        "supplements": ["alpha lipoic acid 900 mg twice a day", "foopowder", "Immunocal"],
        "medications": ["Synthroid 50 mcg", "Prograf"],
        "conditions": ["type 2 diabetes", "kidney disease", "asthma"],
        "allergies": msrisk.NONE_REPORTED,
        "age_years": (66, 67),
    },
    "a sign without a supplement": {
        "supplements": msrisk.NONE_REPORTED,
        "symptoms": ["difficulty breathing"],
    },
    "a sign beside a supplement": {
        "supplements": ["NAC"],
        "symptoms": ["difficulty breathing"],
    },
    "not covered": {"supplements": ["vitamin D"], "medications": ["baclofen"]},
    "hostile": {
        "supplements": ["<b>NAC</b> \u202ex", "ALA"],
        "medications": ["*tacrolimus* [x](http://x)", "Prograf \u200b1 mg\n2 mg"],
    },
}


def assessed(name: str) -> msrisk.Report:
    return msrisk.assess(msrisk.PatientProfile(**PROFILES[name]))


def first(report: msrisk.Report) -> Json:
    """Return the GuidanceResponse of a report."""
    entries = guidance(report)["entry"]
    assert isinstance(entries, list)
    response: Json = entries[0]["resource"]
    return response


def settled() -> msrisk.Report:
    """Return a report in which nothing is open."""
    return msrisk.assess(
        msrisk.PatientProfile(
            supplements=[msrisk.Supplement("NAC", taking=False)],
            medications=msrisk.NONE_REPORTED,
            conditions=msrisk.NONE_REPORTED,
            allergies=msrisk.NONE_REPORTED,
            symptoms=msrisk.NONE_REPORTED,
            age_years=40,
            weight_kg=70,
            ms_symptoms_severe=False,
            replacing_ms_treatment=False,
        )
    )


@pytest.mark.parametrize("name", PROFILES)
def test_another_reader_finds_every_finding_question_and_caveat_again(name: str) -> None:
    report = assessed(name)
    assert lost(report, guidance(report)) == []


@pytest.mark.parametrize("name", PROFILES)
def test_each_issue_by_itself_has_a_caveat_and_its_source(name: str) -> None:
    report = assessed(name)
    scope = next(one for one in report.caveats if one.screen == "scope")
    for issue in detected_issues(report):
        assert scope.message in str(issue["detail"])
        assert str(issue["detail"]).count("Source: ") == 2
        contained: Any = issue["contained"]
        cited = {one["display"] for one in contained[0]["relatedArtifact"]}
        # Of evidence each issue cites its own; the texts stand behind every caveat.
        assert {one.title for one in report.sources if not one.evidence} <= cited
        assert cited <= {one.title for one in report.sources}
        assert {one["type"] for one in contained[0]["relatedArtifact"]} == {"citation"}


def test_the_severity_is_that_of_the_table() -> None:
    found = {
        (str(one["status"]), str(one["code"]["coding"][0]["code"])): one.get("severity")  # type: ignore[index]
        for one in detected_issues(assessed("three supplements"))
    }
    assert found["final", "ala-diabetes"] == "moderate"
    assert found["final", "glutathione-immunosuppressive-medication"] == "high"
    assert found["final", "ala-any-medication"] == "low"
    assert found["final", "silence-kidney-disease"] is None  # not known, which is not low
    assert set(SEVERITY) == set(Level) - {Level.UNDETERMINED, Level.NO_FINDING}


def test_open_contraindications_and_emergencies_are_preliminary_and_nothing_else_is() -> None:
    report = assessed("one open")
    open_ = {
        one.rule
        for of in report.assessments
        for one in of.open_questions
        if one.level in (Level.CONTRAINDICATED, Level.URGENT)
    }
    assert {"ala-allergy", "ala-allergic-reaction"} <= open_
    issues = [one for one in detected_issues(report) if one["status"] == "preliminary"]
    assert {one["code"]["coding"][0]["code"] for one in issues} == open_  # type: ignore[index]
    assert {one["severity"] for one in issues} == {"high"}
    assert all(str(one["detail"]).startswith("Could be ") for one in issues)


def test_the_gravest_issues_come_first_and_what_is_so_before_what_could_be() -> None:
    order = [
        (one.get("severity"), one["status"])
        for one in detected_issues(assessed("three supplements"))
    ]
    assert list(dict.fromkeys(order)) == [
        ("high", "final"),
        ("high", "preliminary"),
        ("moderate", "final"),
        (None, "final"),
        ("low", "final"),
    ]


def test_the_issues_of_one_rule_are_those_of_it_among_all() -> None:
    every: Any = detected_issues(assessed("three supplements"))
    by_rule: dict[str, list[Any]] = {}
    for one in every:
        by_rule.setdefault(one["code"]["coding"][0]["code"], []).append(one)
    assert len(by_rule) > 1
    for rule, found in by_rule.items():
        assert detected_issues(assessed("three supplements"), rule=rule) == found


def test_an_issue_says_what_is_implicated_and_what_it_rests_on() -> None:
    issue = detected_issues(assessed("three supplements"))[0]
    assert issue["implicated"] == [
        {
            "identifier": {"system": "urn:msrisk:concept", "value": "glutathione-precursor"},
            "display": "Immunocal",
        }
    ]
    evidence: Any = issue["evidence"]
    assert evidence[0]["code"][0]["coding"][0]["code"] == "immunosuppressive-medication"
    assert "“Prograf”, taken as tacrolimus" in evidence[0]["code"][0]["text"]
    assert evidence[0]["detail"] == [{"reference": "#texts"}]
    action = msrisk.assess(msrisk.PatientProfile(**PROFILES["three supplements"])).assessments
    (finding,) = (f for a in action for f in a.findings if f.level is Level.CONTRAINDICATED)
    assert issue["mitigation"] == [{"action": {"text": finding.action}}]


def test_what_was_told_by_code_is_evidence_with_that_code() -> None:
    code = msrisk.Code("http://www.whocc.no/atc", "L04AD02")
    told = msrisk.PatientProfile(supplements=["NAC"], medications=[msrisk.Entry(codes=[code])])
    (issue,) = (
        one
        for one in detected_issues(msrisk.assess(told))
        if (one["status"], one.get("severity")) == ("final", "high")
    )
    evidence: Any = issue["evidence"]
    assert evidence[0]["code"][0]["coding"][0] == {"system": code.system, "code": code.code}


def test_an_emergency_has_its_issue_though_no_supplement_is_named() -> None:
    (issue,) = detected_issues(assessed("a sign without a supplement"))
    assert (issue["status"], issue["severity"]) == ("final", "high")
    assert "call the emergency number" in str(issue["detail"])
    assert "implicated" not in issue
    beside = detected_issues(assessed("a sign beside a supplement"))
    urgent = [one for one in beside if str(one["detail"]).startswith("URGENT")]
    assert [one["code"]["coding"][0]["code"] for one in urgent] == [  # type: ignore[index]
        "glutathione-allergic-reaction"
    ]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("nothing known", "data-required"),
        ("three supplements", "data-required"),
        ("a sign beside a supplement", "data-requested"),
    ],
)
def test_the_status_asks_for_more_while_anything_is_open(name: str, status: str) -> None:
    report = assessed(name)
    assert (report.level is report.worst_case) is (status == "data-requested")
    assert first(report)["status"] == status
    assert first(report)["dataRequirement"]


def test_a_report_with_nothing_open_is_still_no_all_clear() -> None:
    for report in (settled(), assessed("not covered")):
        assert not report.to_ask
        response = first(report)
        assert response["status"] == "success"
        assert "dataRequirement" not in response
        note: Any = response["note"]
        assert "A missing warning clears nothing." in note[0]["text"]


def test_levels_worst_case_and_caveats_are_never_apart() -> None:
    report = assessed("three supplements")
    contained: Any = first(report)["contained"]
    parameters = contained[0]["parameter"]
    parts = [one["part"] for one in parameters if one["name"] in ("answer", "assessment")]
    assert len(parts) == 1 + len(report.assessments)
    for part in parts:
        names = [one["name"] for one in part]
        assert {"level", "worst-case", "caveat"} <= set(names)
        sources = [
            p["valueString"] for one in part for p in one.get("part", ()) if p["name"] == "source"
        ]
        assert all(one.startswith("Source: ") for one in sources)
        assert len(sources) == names.count("caveat")


def test_a_question_says_where_its_answer_may_be_found() -> None:
    requirements: Any = first(assessed("one open"))["dataRequirement"]
    by_field = {
        next(e["valueCode"] for e in one["extension"][0]["extension"] if e["url"] == "field"): one
        for one in reversed(requirements)
    }
    assert by_field["medications"]["type"] == "MedicationStatement"
    assert by_field["allergies"]["type"] == "AllergyIntolerance"
    assert by_field["age_years"]["mustSupport"] == ["birthDate"]
    weight = by_field["weight_kg"]["codeFilter"][0]
    assert weight["code"] == [{"system": "http://loinc.org", "code": "29463-7"}]
    best = requirements[0]["extension"][0]["extension"]
    assert best[0]["valueString"] == assessed("one open").to_ask[0].question


def test_a_policy_is_named() -> None:
    policy = msrisk.Policy(thresholds={"older-adult-years": 60})
    report = msrisk.assess(msrisk.PatientProfile(supplements=["NAC"]), policy=policy)
    text = json.dumps(guidance(report))
    assert report.policy is not None
    assert report.policy.digest in text


def test_equal_reports_give_equal_bundles_and_no_address_comes_twice() -> None:
    one, other = (guidance(assessed("three supplements")) for _ in range(2))
    assert json.dumps(one) == json.dumps(other)
    entries: Any = one["entry"]
    addresses = [entry["fullUrl"] for entry in entries]
    assert len(set(addresses)) == len(addresses)
    assert entries[0]["resource"]["resourceType"] == "GuidanceResponse"
    assert {e["resource"]["resourceType"] for e in entries[1:]} == {"DetectedIssue"}
    links = [one["valueReference"]["reference"] for one in _parameters(entries, "issue")]
    assert links == addresses[1:]


def _parameters(entries: Any, name: str) -> Iterator[Any]:
    for one in entries[0]["resource"]["contained"][0]["parameter"]:
        if one["name"] == name:
            yield one


def test_what_no_rule_looked_at_is_named() -> None:
    entries: Any = guidance(assessed("not covered"))["entry"]
    said = [one["valueString"] for one in _parameters(entries, "understood-and-not-looked-at")]
    assert said == ["medicines: “baclofen”, taken as baclofen"]


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_that_was_typed_is_markup_or_hidden(name: str) -> None:
    text = json.dumps(guidance(assessed(name)), ensure_ascii=False)
    assert "\u202e" not in text
    assert "\u200b" not in text
    note: Any = first(assessed(name))["note"]
    assert "<b>" not in note[0]["text"]


@pytest.mark.parametrize(
    "patient", ["Patient/a-1.B", "https://ehr.example/Patient/7", "urn:uuid:1"]
)
def test_the_patient_is_in_every_resource(patient: str) -> None:
    entries: Any = guidance(assessed("three supplements"), patient=patient)["entry"]
    assert entries[0]["resource"]["subject"] == {"reference": patient}
    assert {e["resource"]["patient"]["reference"] for e in entries[1:]} == {patient}


@pytest.mark.parametrize("patient", ["Jane Doe", "", "Patient/", "patient/1", 7, ["Patient/1"]])
def test_a_patient_that_is_no_reference_is_refused_without_being_repeated(patient: Any) -> None:
    for function in (guidance, detected_issues):
        with pytest.raises(ProfileError, match="patient: expected a reference such as") as error:
            function(assessed("one open"), patient=patient)
        assert "Jane" not in str(error.value)


def test_a_code_with_blanks_around_it_is_evidence_without_them() -> None:
    code = msrisk.Code("http://www.whocc.no/atc", " L04AD02 ")
    told = msrisk.PatientProfile(supplements=["NAC"], medications=[msrisk.Entry(codes=[code])])
    issues: Any = detected_issues(msrisk.assess(told))
    codings = [c for one in issues for e in one["evidence"][0]["code"] for c in e.get("coding", ())]
    assert {"system": code.system, "code": "L04AD02"} in codings


def test_each_item_of_evidence_is_cited_with_a_page_where_it_can_be_read() -> None:
    report = msrisk.assess(
        msrisk.PatientProfile(
            supplements=["alpha lipoic acid"],
            conditions=["kidney disease", "pregnancy"],
            medications=["cisplatin"],
        )
    )
    issues: Any = detected_issues(report)
    found = {
        (one["label"], one.get("url"))
        for issue in issues
        for one in issue["contained"][0]["relatedArtifact"]
    }
    assert ("E001", "https://doi.org/10.1212/NXI.0000000000000374") in found
    assert ("E066", "https://pubmed.ncbi.nlm.nih.gov/29028075") in found
    assert ("E010", None) in found
    assert ("E008", "https://clinicaltrials.gov/study/NCT01188811") in found
    assert {url for label, url in found if label.startswith(("A", "B"))} == {None}
    texts = msrisk.assess(msrisk.PatientProfile(supplements=["NAC"]), packs=["texts"])
    assert "https" not in json.dumps([one["contained"] for one in detected_issues(texts)])
