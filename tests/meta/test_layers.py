"""Imports point downward only, and the core needs attrs and cattrs alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import msrisk

PACKAGE = Path(msrisk.__file__).parent

# From the bottom up; a module may import what stands in a row above its own in this list.
LAYERS = [
    ["errors"],
    ["model"],
    ["recognition", "shelves"],
    ["loading"],
    ["compiled", "evaluation"],
    ["keeping"],
    ["api"],
    ["search"],
    ["checking"],
    ["documents"],
    ["asking", "rendering"],
    ["accountability", "book", "diff"],
    ["analysis", "gate"],
    ["fhir"],
    ["cohort"],
    ["cds_hooks"],
    ["mcp", "web"],
    ["testing", "cli"],
    ["process"],
    ["__main__", "__init__"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# The same inside packages, file by file: a module may import what stands in a row above its own.
INSIDE = {
    "recognition": [
        ["characters", "forms", "direction_words", "intakes", "meaning"],
        ["all_names", "beginnings", "codes", "direction_glance", "items", "spelling"],
        ["direction_row", "lexicon"],
        [
            "allergic",
            "denied",
            "direction_times",
            "facts",
            "joining",
            "look_alikes",
            "nameless",
            "pieces",
        ],
        ["directions", "finding", "meanings", "short_forms", "stretches"],
        ["names"],
        ["nameless_doses", "places", "status", "suggesting"],
        ["doses", "telling"],
        ["content"],
        ["reading", "together"],
        ["profile"],
        ["__init__"],
    ],
    "loading": [
        ["evidence", "notation", "structuring", "validation"],
        ["rule_files"],
        ["folder"],
        ["__init__"],
    ],
    "evaluation": [
        ["products"],
        ["bearing", "citing", "deciding", "denying", "naming", "signs", "unused"],
        ["clearing", "next_question", "saying"],
        ["marking"],
        ["planning"],
        ["patients"],
        ["answering", "summarising"],
        ["__init__"],
    ],
    "search": [
        ["seen", "ways"],
        ["goal", "pair"],
        ["patient", "products", "same_reading"],
        ["list_answers"],
        ["answers"],
        ["candidates"],
        ["search"],
        ["__init__"],
    ],
    "checking": [
        ["remarks"],
        ["cases", "conditions", "earlier", "reasons", "unused", "wording"],
        ["readability"],
        ["__init__"],
    ],
    "diff": [
        ["changes", "edits", "heirs", "meanings", "other_edits"],
        ["losses", "rewording"],
        ["comparison"],
        ["cases", "claims", "confusables", "effects", "evidence"],
        ["questions", "reviews", "rules", "sources"],
        ["grammar", "substances", "thresholds"],
        ["names"],
        ["compare"],
        ["__init__"],
    ],
    "fhir": [
        ["codes", "dates", "elements", "statuses"],
        ["account", "telling", "walking"],
        ["bundle", "saying"],
        ["dosage", "outcomes", "persons"],
        ["concepts"],
        ["context"],
        ["measured"],
        ["wording"],
        ["bearing", "denials", "people", "products", "weight"],
        ["gathering", "placing", "problems"],
        ["lists", "medications"],
        ["reading"],
        ["systems"],
        ["form", "texts"],
        ["issues", "questionnaire"],
        ["guidance", "responses"],
        ["adaptive"],
        ["__init__"],
    ],
    "cds_hooks": [
        ["having_ms", "marks", "services", "summaries"],
        ["orders", "prefetch", "reasons"],
        ["cards", "feedback"],
        ["responding"],
        ["__init__"],
    ],
    "web": [
        [
            "connections",
            "frames",
            "logs",
            "metrics",
            "openapi",
            "page_scale",
            "page_state",
            "page_words",
            "problems",
            "told",
            "wheels",
        ],
        ["bodies", "forms", "page_parts", "page_replies", "page_templates", "store", "tokens"],
        ["page"],
        ["building", "work"],
        ["page_routes", "workers"],
        ["routes"],
        ["admission", "guard"],
        ["application"],
        ["__init__"],
    ],
    "mcp": [["bounded", "tools"], ["serving"], ["__init__"]],
    "cohort": [
        ["columns", "csv_rows", "picture"],
        ["entries", "json_rows"],
        ["saying"],
        ["reading"],
        ["numbered", "truths"],
        ["engines"],
        ["screening"],
        ["changed", "elsewhere", "files"],
        ["bulk"],
        ["summary"],
        ["running", "summary_words"],
        ["__init__"],
    ],
    "gate": [
        ["changelog", "folders", "page", "proposal", "signatures"],
        ["document", "git"],
        ["verdict"],
        ["__init__"],
    ],
}

# Conveniences on model objects that need a layer above; each imports inside the method.
DOORS = {
    ("model/profile.py", "msrisk.documents"),
    ("model/results.py", "msrisk.rendering"),
    ("model/results.py", "msrisk.rendering.document"),
    ("model/results.py", "msrisk.evaluation.summarising"),
    ("model/rules.py", "msrisk.api"),
    ("model/rules.py", "msrisk.loading"),
}
# What is imported only when it is needed, for the time that it takes.
LATER = {
    ("__init__.py", "msrisk.api"),
    ("__init__.py", "msrisk.model.rules"),
    ("cli/layout.py", "msrisk.loading"),
    ("compiled.py", "msrisk.loading"),
    ("evaluation/answering.py", "msrisk.evaluation.bearing"),
    ("process.py", "msrisk.cli"),
    ("recognition/doses.py", "msrisk.recognition.directions"),
    ("cli/screen.py", "msrisk.cohort.files"),
    ("cli/screen.py", "msrisk.cohort.running"),
    ("cli/screen.py", "msrisk.cohort.summary_words"),
}
# What is named only for the type checker.
NAMED = {
    ("__init__.py", "msrisk.api"),
    ("__init__.py", "msrisk.cds_hooks"),
    ("__init__.py", "msrisk.cohort"),
    ("__init__.py", "msrisk.fhir"),
    ("__init__.py", "msrisk.mcp"),
    ("__init__.py", "msrisk.model.rules"),
    ("__init__.py", "msrisk.testing"),
    ("__init__.py", "msrisk.web"),
    ("cli/serve.py", "msrisk.web"),
    ("web/__init__.py", "msrisk.web.application"),
    ("web/__init__.py", "msrisk.web.tokens"),
    ("model/results.py", "msrisk.model.summary"),
    ("model/rules.py", "msrisk.model.evidence"),
}

# Who may import what besides the standard library and msrisk itself.
OUTSIDE = {
    "loading/structuring.py": {"attrs", "cattrs"},
    "checking/readability.py": {"syllapy"},
    "cohort": {"attrs", "narwhals", "polars", "pyarrow", "pandas", "duckdb", "ibis", "pyspark"},
    "testing": {"attrs", "hypothesis"},
    "cli/ask.py": {"attrs", "rich"},
    "cli/serve.py": {"attrs", "uvicorn"},
    "mcp": {"attrs", "mcp", "mcp_types"},
    "web": {"attrs", "jwt", "starlette"},
    "web/connections.py": {"uvicorn"},
    "web/page.py": {"attrs"},
    "web/page_parts.py": {"markupsafe"},
    "web/page_templates.py": {"jinja2"},
    "web/page_words.py": {"attrs", "babel"},
}


@cache
def modules() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


@cache
def imports(tree: ast.Module) -> list[tuple[str, bool]]:
    """Return each imported module, and whether the import stands inside a function."""
    return list(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "msrisk":
                yield from ((f"msrisk.{alias.name}", id(node) not in top) for alias in node.names)
            else:
                yield node.module, id(node) not in top
        elif isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in top) for alias in node.names)


def layer(module: str) -> str:
    return module.removeprefix("msrisk.").partition(".")[0]


def test_every_module_has_a_layer() -> None:
    found = {Path(name).parts[0].removesuffix(".py") for name, _ in modules()}
    assert found == set(RANK)


def test_imports_point_downward_only_except_through_the_listed_doors() -> None:
    upward = set()
    for name, tree in modules():
        own = RANK[Path(name).parts[0].removesuffix(".py")]
        for module, _ in imports(tree):
            if module.startswith("msrisk.") and layer(module) in RANK:
                same = layer(module) == Path(name).parts[0].removesuffix(".py")
                if RANK[layer(module)] >= own and not same:
                    upward.add((name, module))
    assert upward == DOORS


@pytest.mark.parametrize("package", INSIDE)
def test_inside_a_package_imports_point_downward_too(package: str) -> None:
    rank = {name: number for number, names in enumerate(INSIDE[package]) for name in names}
    inside = {Path(name).stem: tree for name, tree in modules() if name.startswith(f"{package}/")}
    assert inside.keys() == rank.keys()
    within = f"msrisk.{package}."
    upward = {
        (name, module)
        for name, tree in inside.items()
        for module, _ in imports(tree)
        if module.startswith(within) and rank[module.removeprefix(within)] >= rank[name]
    }
    assert upward == set()


def test_only_the_listed_doors_import_inside_a_function() -> None:
    hidden = {
        (name, module)
        for name, tree in modules()
        for module, inside in imports(tree)
        if inside and module.startswith("msrisk")
    }
    assert hidden == DOORS | NAMED | LATER


def test_the_core_imports_only_attrs_cattrs_and_the_standard_library() -> None:
    for name, tree in modules():
        allowed = OUTSIDE.get(name) or OUTSIDE.get(Path(name).parts[0]) or {"attrs"}
        for module, _ in imports(tree):
            first = module.partition(".")[0]
            assert first in sys.stdlib_module_names | {"msrisk"} | allowed, (name, module)


def test_no_file_is_longer_than_about_four_hundred_lines() -> None:
    long = {
        path.name: count
        for folder in (PACKAGE, PACKAGE.parent / "tests")
        for path in folder.rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 420
    }
    assert long == {}


def test_every_module_lists_its_public_names_in_order() -> None:
    for name, tree in modules():
        if name.endswith(("__main__.py", "model/__init__.py")):
            continue
        listed = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "__all__"
        ]
        assert listed, name
        assert listed[0] == sorted(listed[0]), name


def test_every_public_name_has_a_docstring() -> None:
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
                private = node.name.startswith("_")
                public: list[ast.ClassDef | ast.FunctionDef] = [] if private else [node, *methods]
            elif isinstance(node, ast.Module):
                public = [n for n in node.body if isinstance(n, ast.FunctionDef)]
                assert ast.get_docstring(node), name
            else:
                continue
            for one in public:
                if not one.name.startswith("_"):
                    assert ast.get_docstring(one), (name, one.name)
