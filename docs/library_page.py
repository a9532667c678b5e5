"""The reference of the library, from its signatures and docstrings."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Final

from config_page import cell

import loracfg

_SECTION: Final = re.compile(
    r"^(Args|Returns|Yields|Raises|Attributes):\n((?:    .*\n?|\n)+)", re.M
)
_ENTRY: Final = re.compile(r"^(\w+): ((?:.+\n?(?: +.+\n?)*))", re.M)
_ELSEWHERE: Final = {
    "LoraConfig": "[its own page](../python.md)",
    "Options": "[a table](../library.md)",
}
"""Classes whose fields are described on a page."""


def library_page() -> str:
    """Return the reference of everything that `loracfg` exports."""
    names = sorted((one for one in loracfg.__all__ if not one.startswith("_")), key=str.lower)
    functions = [name for name in names if inspect.isfunction(getattr(loracfg, name))]
    classes = [name for name in names if inspect.isclass(getattr(loracfg, name))]
    parts = [
        "# Python API",
        "Everything that `import loracfg` gives. [The library](../library.md) shows how the parts "
        "work together, with code to start from. Other modules may change in any release.",
        "## Functions",
        *(one for name in functions for one in _function(name, getattr(loracfg, name), "###")),
        "## Classes",
        *(one for name in classes for one in _class(name, getattr(loracfg, name))),
    ]
    return "\n\n".join(parts) + "\n"


def _function(name: str, function: Callable[..., object], level: str) -> Iterator[str]:
    yield f"{level} {name}"
    yield f"```python\n{_signature(name.rpartition('.')[2], function)}\n```"
    yield from _docstring(function)


def _signature(name: str, function: Callable[..., object]) -> str:
    """Return a signature in the lines of a call, without `self`."""
    found = inspect.signature(function)
    kept = [one for key, one in found.parameters.items() if key not in ("self", "cls")]
    shown = [_parameter(one) for one in kept]
    star = next((at for at, one in enumerate(kept) if one.kind is one.KEYWORD_ONLY), None)
    if star is not None and not any(one.kind is one.VAR_POSITIONAL for one in kept):
        shown.insert(star, "*")
    result = found.return_annotation
    arrow = "" if result is found.empty or result in ("None", None) else f" -> {result}"
    line = f"{name}({', '.join(shown)}){arrow}"
    return line if len(line) <= 88 else "\n".join(_broken(name, shown, arrow))


def _parameter(one: inspect.Parameter) -> str:
    """Return a parameter as it is written, with the annotation as text."""
    stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    typed = "" if one.annotation is one.empty else f": {one.annotation}"
    default = "" if one.default is one.empty else f" = {one.default!r}"
    return f"{stars}{one.name}{typed}{default}"


def _broken(name: str, shown: list[str], arrow: str) -> Iterator[str]:
    yield f"{name}("
    yield from (f"    {one}," for one in shown)
    yield f"){arrow}"


def _docstring(thing: object) -> Iterator[str]:
    """Yield the text of a docstring, and its sections as lists."""
    text = inspect.getdoc(thing) or ""
    yield _SECTION.sub("", text + "\n").strip()
    for title, body in _SECTION.findall(text + "\n"):
        entries = _ENTRY.findall(textwrap.dedent(body) + "\n")
        lines = [f"- `{name}`: {' '.join(words.split())}" for name, words in entries]
        shown = "\n".join(lines) if lines else " ".join(body.split())
        yield f"{'Arguments' if title == 'Args' else title}:\n\n{shown}"


def _class(name: str, kind: type) -> Iterator[str]:
    yield f"### {name}"
    yield from _docstring(kind)
    if name in _ELSEWHERE:
        yield f"Its fields are on {_ELSEWHERE[name]}."
        return
    if rows := list(_attributes(kind)):
        yield "\n".join(("| Attribute | Meaning |", "|---|---|", *rows))
    for member, value in inspect.getmembers_static(kind):
        if member.startswith("_") or member not in vars(kind):
            continue
        function = getattr(value, "__func__", value)
        if inspect.isfunction(function) and function.__doc__:
            yield from _function(f"{name}.{member}", function, "####")


def _attributes(kind: type) -> Iterator[str]:
    """Yield the properties of a class, and the fields of a named tuple."""
    for member, value in vars(kind).items():
        if member.startswith("_"):
            continue
        if isinstance(value, property) and value.__doc__:
            first = inspect.cleandoc(value.__doc__).partition("\n\n")[0]
            yield f"| `{member}` | {cell(first)} |"
        elif member in getattr(kind, "_fields", ()):
            yield f"| `{member}` | `{cell(str(kind.__annotations__.get(member, '')))}` |"
