"""The shape that keeps the product understandable, held by the source itself."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import Model
from importlinter.cli import lint_imports

from interactions.models import Contact
from people.api.base import ReadViewSet

ROOT = Path(__file__).resolve().parent.parent
APPS = ("people", "interactions", "mystery_shopper", "kpis", "goals", "pdca", "callcenter")
WEB = {"views", "api", "forms", "tables", "charts", "dashboards", "admin"}
NOT_NAMES = {"core", "common", "utils", "util", "helpers", "helper", "misc", "base_utils"}
LONGEST_FUNCTION = 60  # lines

SOURCES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.relative_to(ROOT).parts
]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def speaks_to_the_web(path: Path) -> bool:
    """Modules that answer requests; the administration is for who sees everything anyway."""
    parts = set(path.relative_to(ROOT).with_suffix("").parts)
    return bool(parts & (WEB - {"admin"}))


def is_scoped(thing: object) -> bool:
    return (
        inspect.isclass(thing)
        and issubclass(thing, Model)
        and not thing._meta.abstract
        and hasattr(thing._default_manager.all(), "visible_to")
    )


def unscoped_reads(tree: ast.Module, namespace: dict) -> Iterator[tuple[int, str]]:
    """Where rows of a scoped table are reached by any other way than `.visible_to(viewer)`."""
    scoped = {id(node) for call in _scoping_calls(tree, namespace) for node in ast.walk(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            model = namespace.get(node.value.id) if isinstance(node.value, ast.Name) else None
            if is_scoped(model) and id(node) not in scoped:
                yield node.lineno, f"{model.__name__}.{node.attr} without .visible_to(viewer)"
        if isinstance(node, ast.Call) and _called(node) in ("get_object_or_404", "get_list_or_404") and node.args:
            first = node.args[0]
            if isinstance(first, ast.Name) and is_scoped(namespace.get(first.id)):
                yield node.lineno, f"{_called(node)}({first.id}, …): use get_visible_or_404"


def _scoping_calls(tree: ast.Module, namespace: dict) -> Iterator[ast.AST]:
    """What stands before `.visible_to(…)` or `.none()`, and the rows that a base viewset scopes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("visible_to", "none"):
            yield node.value
        if isinstance(node, ast.ClassDef) and _is_scoping_viewset(namespace.get(node.name)):
            yield from (line.value for line in node.body if _assigns_queryset(line) and line.value)


def _is_scoping_viewset(thing: object) -> bool:
    is_viewset = inspect.isclass(thing) and issubclass(thing, ReadViewSet)
    return is_viewset and thing.get_queryset is ReadViewSet.get_queryset


def _assigns_queryset(line: ast.stmt) -> bool:
    targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == "queryset" for target in targets)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_an_app_imports_only_the_apps_before_it():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("path", [path for path in SOURCES if speaks_to_the_web(path)], ids=name_of)
def test_pages_and_api_read_scoped_rows_only_through_visible_to(path):
    namespace = vars(importlib.import_module(name_of(path)))

    assert list(unscoped_reads(tree_of(path), namespace)) == []


def test_an_unscoped_read_would_be_found():
    found = unscoped_reads(
        ast.parse(
            "Contact.objects.visible_to(viewer).count()\n"
            "Contact.objects.filter(pk=1)\n"
            "rows = Contact.objects\n"
            "Contact.objects.all().visible_to(viewer)\n"
            "get_object_or_404(Contact, pk=1)\n"
        ),
        {"Contact": Contact},
    )

    assert sorted(line for line, text in found) == [2, 3, 5]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_module_is_a_drawer_for_everything(path):
    assert not NOT_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_are_short(path):
    long = [
        (node.name, node.end_lineno - node.lineno + 1)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []
