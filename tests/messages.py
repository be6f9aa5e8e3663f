"""The messages that the code names, found in its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "cogs", "config", "db")
IDENTITY = re.compile(r"[a-z][a-z_]*\.[a-z][a-z0-9_]*")
SAYING = {"t", "_t", "Refusal", "Forbidden", "Unavailable", "SettingsError", "BackupFailed"}
"""What is called with a message's id first. So is every other error of `db.errors`: whatever ends in these words."""
SAYING_ENDS = re.compile(r"Database\w*$|Failed$")
NOT_MESSAGES = {"action", "path", "name", "custom_id", "template"}
"""Arguments, by keyword, whose words look like an id and are none: what was done, in the audit; names of modules."""
NOT_SAYING = {"record", "_note", "getLogger", "get_logger", "ForeignKey", "ForeignKeyConstraint", "File"}
"""What is called with words that look like an id and are none."""

LONGER = frozenset({"placeholder", "hint", "description", "options", "default", "custom_id"})
"""Arguments of a form and its fields that may be longer than a label."""


@dataclass(frozen=True, slots=True)
class Use:
    """An id in the code. `given` are the parameters beside it, None where they cannot be known from the syntax."""

    message_id: str
    place: str
    said: bool
    given: frozenset[str] | None = None


@cache
def uses() -> tuple[Use, ...]:
    """Every literal that looks like a message's id. `said`: it is what is said, beyond doubt."""
    return tuple(use for file, tree in trees() for use in _in_tree(file, tree))


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the program, parsed."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return tuple((str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))) for file in files)


def unreadable() -> Iterator[str]:
    """Where something is said whose id is put together at run time, so that nobody can look for it."""
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in SAYING and node.args:
                put_together = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.JoinedStr | ast.BinOp)]
                if put_together:
                    yield f"{file}:{node.lineno}"


def labels(keyword: str, *callers: str) -> Iterator[tuple[str, str]]:
    """The ids (and places) said in this argument of these calls: `placeholder` of `TextInput(…)`.

    "0" is the first argument without a keyword.
    """
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in callers:
                named = [argument.value for argument in node.keywords if argument.arg == keyword]
                for value in node.args[:1] if keyword == "0" else named:
                    yield from _ids(file, value)


def form_labels() -> Iterator[tuple[str, str]]:
    """The ids (and places) said as a form's title or a field's label: whatever a form is made with or from, but for
    hints, descriptions and the options of a select."""
    classes = {
        node.name: (file, node)
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(_name(base) == "Form" for base in node.bases)
    }
    for file, form in classes.values():
        for method in form.body:
            if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                yield from _ids(file, method, besides=LONGER)
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in classes:
                yield from _ids(file, node, besides=LONGER)


def _ids(file: str, node: ast.AST, besides: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.keyword) and node.arg in besides:
        return
    if isinstance(node, ast.Constant) and IDENTITY.fullmatch(str(node.value)):
        yield str(node.value), f"{file}:{node.lineno}"
    for child in ast.iter_child_nodes(node):
        yield from _ids(file, child, besides)


def _in_tree(file: str, tree: ast.Module) -> Iterator[Use]:
    said: dict[int, frozenset[str] | None] = {}
    left_out: set[int] = set(_docstrings(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name in NOT_SAYING:
            left_out |= {id(one) for argument in node.args for one in _literals(argument)}
        left_out |= {
            id(one) for argument in node.keywords if argument.arg in NOT_MESSAGES for one in _chosen(argument.value)
        }
        if (name in SAYING or SAYING_ENDS.search(name)) and node.args:
            said |= {id(one): _given(node) for one in _chosen(node.args[0])}
    for one in _literals(tree):
        if IDENTITY.fullmatch(str(one.value)) and id(one) not in left_out:
            yield Use(str(one.value), f"{file}:{one.lineno}", id(one) in said, said.get(id(one)))


def _given(call: ast.Call) -> frozenset[str] | None:
    if any(argument.arg is None for argument in call.keywords):
        return None
    return frozenset(argument.arg for argument in call.keywords if argument.arg)


def _chosen(node: ast.expr) -> Iterator[ast.Constant]:
    """The literals that an expression may turn out as: itself, or one of `x if … else y`."""
    if isinstance(node, ast.IfExp):
        yield from _chosen(node.body)
        yield from _chosen(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node


def _literals(node: ast.AST) -> Iterator[ast.Constant]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
