"""Reads and writes architecture files: module trees as JSON, which need no torch to read."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.json_checks import (
    WrongError,
    array,
    check_keys,
    class_name,
    flag,
    integer,
    mapping,
    member,
    path,
    shown,
    text,
    texts,
)
from loracfg.config.schema.architecture_limits import (
    ARCHITECTURE_VERSION,
    MAX_DIMENSIONS,
    MAX_SIZE,
    MAX_TEXT,
    NAME,
    WEIGHTS,
)
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.report.fault import Fault
from loracfg.report.report import Location, Region
from loracfg.version import __version__

VERSION_KEY: Final = "architecture_version"
"""The key that identifies an architecture file."""

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_VALUES: Final = 4_000_000
"""The maximum number of values; a module has about eight."""

FAULT: Final = "base-architecture"

_NEWER: Final = "use the release of loracfg that created it, or a newer one"
_NAME: Final = re.compile(NAME)
_KINDS: Final[dict[str, Kind]] = {kind.value: kind for kind in Kind}

_HEAD: Final = (
    VERSION_KEY,
    "tool",
    "libraries",
    "class",
    "model_type",
    "is_transformers",
    "input_embeddings",
    "output_embeddings",
    "tied",
    "tie_word_embeddings",
    "vocab_size",
    "notes",
)
_KEYS: Final = frozenset((*_HEAD, "aliases", "modules"))
_TOOL_KEYS: Final = frozenset(("name", "version"))
_MODULE_KEYS: Final = frozenset(("path", "kind", "class"))
_MODULE_OPTIONS: Final = frozenset(
    ("parameters", "buffers", "groups", "is_transposed", "computed_weight")
)


def write_architecture(tree: Architecture, libraries: dict[str, str]) -> str:
    """Return a tree as the text of an architecture file, with one module on each line.

    Args:
        tree: a tree from transformers or from facts. Its `renames`, which only the catalogue knows,
            are left out.
        libraries: the versions of the libraries that built it, by name.
    """
    tool = {"name": "loracfg", "version": __version__}
    values = {VERSION_KEY: ARCHITECTURE_VERSION, "tool": tool, "libraries": libraries}
    values["class"] = tree.class_name
    head = {key: values[key] if key in values else getattr(tree, key) for key in _HEAD}
    members = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    aliases = [f"{json.dumps(path)}: {json.dumps(first)}" for path, first in tree.aliases.items()]
    modules = [json.dumps(_entry(module)) for module in tree.modules.values()]
    members += [f'"aliases": {{{_lines(aliases)}}}', f'"modules": [{_lines(modules)}]']
    return "{\n  " + ",\n  ".join(members) + "\n}\n"


def _lines(items: list[str]) -> str:
    return "\n    " + ",\n    ".join(items) + "\n  " if items else ""


def _entry(module: Module) -> dict[str, Any]:
    """Return a module as JSON data, without default values."""
    rest = {
        "parameters": dict(module.parameters),
        "buffers": dict(module.buffers),
        "groups": module.groups if module.groups != 1 else None,
        "is_transposed": module.is_transposed,
        "computed_weight": module.computed,
    }
    head = {"path": module.path, "kind": module.kind.value, "class": module.class_name}
    return head | {key: value for key, value in rest.items() if value}


def read_architecture(data: bytes, file: str) -> tuple[Architecture | None, list[Fault]]:
    """Read an architecture file.

    Returns neither a tree nor faults if the file is JSON, but not an architecture file. Otherwise
    the first error is a fault of the kind `base-architecture`.
    """
    try:
        value = _load(data)
        if not isinstance(value, dict) or VERSION_KEY not in value:
            return None, []
        return _architecture(value), []
    except WrongError as error:
        pointer = "".join(f"/{escape(str(step))}" for step in error.steps)
        where = Location(file, pointer or None, error.region)
        return None, [Fault(FAULT, f"the architecture file {error.message}", where, error.help)]


def _load(data: bytes) -> Any:
    """Return the value of a JSON text of bounded size, in which no key appears twice."""
    if len(data) > MAX_BYTES:
        raise WrongError(f"has more than {MAX_BYTES} bytes")
    try:
        content = data.decode("utf-8")
        if sum(map(content.count, ",[{")) > MAX_VALUES:
            raise WrongError(f"has more than {MAX_VALUES} values")
        return json.loads(content, object_pairs_hook=_distinct, parse_constant=_refuse_number)
    except json.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        region = Region(line, column, line, column + 1)
        raise WrongError(f"is not valid JSON: {error.msg}", region=region) from None
    except UnicodeDecodeError:
        raise WrongError("is not UTF-8") from None
    except RecursionError:
        raise WrongError("is nested too deeply") from None
    except ValueError:  # an integer with more digits than Python accepts
        raise WrongError("has a number that is too long") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise WrongError("has a duplicate key")
    return value


def _refuse_number(word: str) -> NoReturn:
    raise WrongError(f"has `{word}`, which is not a JSON number")


def _architecture(value: dict[str, Any]) -> Architecture:
    member(value, VERSION_KEY, _check_version)
    check_keys(value, _KEYS)
    member(value, "tool", _check_tool)
    member(value, "libraries", _check_texts)
    modules = member(value, "modules", _modules)

    def embeddings(found: Any) -> str | None:
        return None if found is None else _listed(found, modules)

    return Architecture(
        source="transformers",
        model_type=member(value, "model_type", _text_or_none),
        class_name=member(value, "class", class_name),
        modules=modules,
        aliases=member(value, "aliases", lambda found: _aliases(found, modules)),
        input_embeddings=member(value, "input_embeddings", embeddings),
        output_embeddings=member(value, "output_embeddings", embeddings),
        tied=member(value, "tied", texts),
        tie_word_embeddings=member(value, "tie_word_embeddings", flag),
        vocab_size=member(value, "vocab_size", _vocab_size),
        is_transformers=member(value, "is_transformers", flag),
        notes=member(value, "notes", texts),
    )


def _check_version(value: Any) -> None:
    if type(value) is not int or value != ARCHITECTURE_VERSION:
        message = f"has version {shown(value)}, but only `{ARCHITECTURE_VERSION}` is supported"
        raise WrongError(message, help=_NEWER)


def _check_tool(value: Any) -> None:
    check_keys(mapping(value), _TOOL_KEYS)
    _check_texts(value)


def _check_texts(value: Any) -> None:
    for name in mapping(value):
        text(name)
        member(value, name, text)


def _modules(value: Any) -> dict[str, Module]:
    modules: dict[str, Module] = {}
    for number, entry in enumerate(array(value)):
        try:
            module = _module(entry)
            _check_place(module.path, modules)
        except WrongError as error:
            raise error.under(number) from None
        modules[module.path] = module
    if not modules:
        raise WrongError("has no modules")
    return modules


def _check_place(where: str, before: dict[str, Module]) -> None:
    """Check that a module is listed as by `named_modules`: once, and after its parent."""
    if where in before:
        raise WrongError(f"lists `{printable(where)}` twice", "path")
    if where and not before:
        raise WrongError("does not begin with the model itself, at the empty path", "path")
    if where and where.rpartition(".")[0] not in before:
        raise WrongError(f"does not list the parent of `{printable(where)}` before it", "path")


def _module(value: Any) -> Module:
    check_keys(mapping(value), _MODULE_KEYS, _MODULE_OPTIONS)
    kind = member(value, "kind", _kind)
    parameters = member(value, "parameters", _shapes) if "parameters" in value else {}
    computed = member(value, "computed_weight", _shape) if "computed_weight" in value else None
    needed, dimensions = WEIGHTS.get(kind.value, ("", 0))
    stored = parameters.get(needed, computed if needed == "weight" else None) or ()
    if needed and len(stored) != dimensions:
        message = f"has a `{kind.value}` without a `{needed}` of {dimensions} dimensions"
        raise WrongError(message, "parameters")
    return Module(
        path=member(value, "path", path),
        kind=kind,
        class_name=member(value, "class", class_name),
        parameters=parameters,
        buffers=member(value, "buffers", _shapes) if "buffers" in value else {},
        groups=member(value, "groups", _groups) if "groups" in value else 1,
        is_transposed=member(value, "is_transposed", flag) if "is_transposed" in value else False,
        computed=computed if needed == "weight" and needed not in parameters else None,
    )


def _kind(value: Any) -> Kind:
    if not isinstance(value, str) or value not in _KINDS:
        raise WrongError(f"has {shown(value)} instead of the kind of a module")
    return _KINDS[value]


def _shapes(value: Any) -> dict[str, Shape]:
    for name in mapping(value):
        if len(name) > MAX_TEXT or not _NAME.fullmatch(name):
            raise WrongError(f"has `{printable(name)}` instead of the name of a tensor")
    return {name: member(value, name, _shape) for name in value}


def _shape(value: Any) -> Shape:
    if not isinstance(value, list) or len(value) > MAX_DIMENSIONS:
        raise WrongError(f"has {shown(value)} instead of a shape")
    return tuple(integer(size, 0) for size in value)


def _aliases(value: Any, modules: dict[str, Module]) -> dict[str, str]:
    found = {}
    for alias in mapping(value):
        if path(alias) in modules:
            raise WrongError(f"has `{printable(alias)}` both as a module and as an alias", alias)
        found[alias] = member(value, alias, lambda first: _listed(first, modules))
    return found


def _listed(value: Any, modules: dict[str, Module]) -> str:
    """Return the path of a module, after checking that the module is listed."""
    if path(value) not in modules:
        raise WrongError(f"names `{printable(value)}`, which it does not list as a module")
    return path(value)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else text(value)


def _vocab_size(value: Any) -> int | None:
    return None if value is None else integer(value, -MAX_SIZE)


def _groups(value: Any) -> int:
    return integer(value, 1)
