"""Compare the declarations in a PEFT wheel with our table of fields, and say what to add where."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from loracfg.config.history.all_fields import notes
from loracfg.config.history.annotations import Literals
from loracfg.config.history.derived_models import fields_at
from loracfg.config.history.releases import RELEASES, at_least
from loracfg.config.model.known_names import CASELESS_INITS, INITS, inits_at
from loracfg.config.reading.foreign_config import PEFT_TYPES
from tests.releases.source import REQUIRED, Code, DataField, Factory, Source

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Ours = Mapping[str, "FieldInfo"]

_MODEL: Final = "# in loracfg/config/model/lora_fields.py"
_BY_OTHER_MEANS: Final = ("task_type", "peft_type", "init_lora_weights")
"""Fields whose permitted strings are in no `Literal` of the wheels, or not all of them."""

DEVIATIONS: Final = {
    "lora_alpha": ("number", "PEFT itself writes 11.31 after a conversion, for all its `int`"),
    "rank_pattern": ("null", "no release makes layers with null"),
    "alpha_pattern": ("null", "no release makes layers with null"),
    "peft_type": ("null", "`__post_init__` of every release sets it"),
}
"""Where our types differ from the annotations: the kind of value, and why."""

_OUR_NAMES: Final = {"float": "Number", "dict": "JsonObject", "List": "list", "Dict": "JsonObject"}

_ITERATED: Final = ("pissa_niter_[number of iters]", "pissa_niter_N")
"""How the wheels' annotation and our table write the one name that holds a number."""


def release_differences(released: tuple[str, ...]) -> list[str]:
    """Return the lines that make `RELEASES` equal to the versions on the index, oldest first."""
    place = "RELEASES of loracfg/config/history/releases.py"
    lines = []
    for index, version in enumerate(released):
        if version not in RELEASES:
            after = f'after "{released[index - 1]}"' if index else "first"
            lines.append(f'    "{version}",  # in {place}, {after}')
    gone = [release for release in RELEASES if release not in released]
    return lines + [f'"{release}" is in {place}, but no released version' for release in gone]


def method_differences(members: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what `PEFT_TYPES` lacks of the members of `PeftType` by release, or has in excess."""
    first: dict[str, str] = {}
    for release, names in members.items():
        first = dict.fromkeys(names, release) | first
    place = "_METHODS of loracfg/config/reading/foreign_config.py"
    lines = [
        f"{name}  # in {place}, since {release}"
        for name, release in first.items()
        if name not in {*PEFT_TYPES, "LORA"}
    ]
    return lines + [f"{name} is in {place}, but in no release" for name in PEFT_TYPES - {*first}]


def differences(release: str, source: Source) -> list[str]:
    """Return every way in which our table of a release differs from its wheel."""
    table = fields_at(release)
    found = list(field_differences(release, source.fields, table, _MODEL))
    found += _of_nested(release, source, table)
    if "task_type" in table:
        tasks = tuple(source.task_types.values())
        found += _of_choices("task_type", tasks, table["task_type"], _MODEL)
    if "init_lora_weights" in source.fields:
        found += _of_inits(release, source)
    return found


def field_differences(
    release: str, theirs: Mapping[str, DataField], ours: Ours, place: str
) -> Iterator[str]:
    """Yield the ways in which the fields of one class differ."""
    for name, field in theirs.items():
        if name not in ours:
            affects = ", Affects.RESULT" if place == _MODEL else ""
            yield f"{declaration(release, field, affects)}  {place}"
            continue
        info = ours[name]
        if not _same_default(field.default, info):
            pair = f"`{_shown(field.default)}` in the wheel and to `{_shown(_default(info))}` here"
            yield f"`{name}` defaults to {pair}  {place}"
        yield from _of_kinds(name, field, info, place)
        if name not in _BY_OTHER_MEANS and not _was_text(release, field, info):
            yield from _of_choices(name, field.choices, info, place)
    for name in ours:
        if name not in theirs:
            yield f'`{name}` is gone, give it `Until("{release}")`  {place}'


def _was_text(release: str, field: DataField, info: FieldInfo) -> bool:
    """Tell whether the release takes any string where later ones name the permitted."""
    return not field.choices and any(
        not at_least(release, note.since) for note in notes(info, Literals)
    )


def _of_nested(release: str, source: Source, ours: Ours) -> Iterator[str]:
    models = {model.__name__: model for info in ours.values() for model in _models(info.annotation)}
    for name, theirs in source.nested.items():
        if name not in models:
            yield f"class {name}(Nested):  # in loracfg/config/model/nested.py"
        fields = models[name].model_fields if name in models else {}
        place = f"# in class {name} of loracfg/config/model/nested.py"
        yield from field_differences(release, theirs, fields, place)
    for name in models:
        if name not in source.nested:
            yield f"class {name} is in no annotation of the wheel"


def _of_choices(name: str, theirs: tuple[Any, ...], info: FieldInfo, place: str) -> Iterator[str]:
    ours = [choice for choice in _choices(info.annotation) if isinstance(choice, str)]
    if set(ours) != set(theirs):
        yield f"`{name}` may be {_listed(theirs)} in the wheel and {_listed(ours)} here  {place}"


def _of_kinds(name: str, field: DataField, info: FieldInfo, place: str) -> Iterator[str]:
    theirs, ours = _their_kinds(field, _default(info)), _kinds(info.annotation)
    deviation = {DEVIATIONS[name][0]} if name in DEVIATIONS else set()
    if ours not in (theirs, theirs ^ deviation):
        yield f"`{name}` takes {_listed(theirs)} in the wheel and {_listed(ours)} here  {place}"


def _of_inits(release: str, source: Source) -> Iterator[str]:
    names = set(inits_at(release))
    annotated = {n.replace(*_ITERATED) for n in source.fields["init_lora_weights"].choices}
    if annotated != (ours := {name for name in names if INITS[name].annotated}):
        yield f"INITS: {_listed(annotated)} annotated in the wheel, {_listed(ours)} here"
    code = source.inits
    plain = names - {_ITERATED[1]}
    if (theirs := code.exact | code.caseless | code.prefixes) != plain:
        yield f"INITS: {_listed(theirs)} in the wheel's layers, {_listed(plain)} here"
    if code.caseless != (ours := names & CASELESS_INITS):
        yield f"CASELESS_INITS: {_listed(code.caseless)} in the wheel, {_listed(ours)} here"


def _same_default(theirs: Any, info: FieldInfo) -> bool:
    ours = _default(info)
    if ours is REQUIRED:  # of a default that our type refuses, or that cannot be saved
        refused = theirs is None and "null" not in _kinds(info.annotation)
        return theirs is REQUIRED or refused or isinstance(theirs, Code)
    return type(theirs) is type(ours) and bool(theirs == ours)


def _default(info: FieldInfo) -> Any:
    if info.default_factory is not None:
        return Factory(getattr(info.default_factory, "__name__", "?"))
    return REQUIRED if info.default is PydanticUndefined else info.default


_KINDS: Final = {
    "str": "string", "TaskType": "string", "PeftType": "string", "int": "integer",
    "float": "number", "bool": "boolean", "list": "array", "List": "array", "tuple": "array",
    "dict": "object", "Dict": "object", "None": "null", "NoneType": "null",
}  # fmt: skip


def _their_kinds(field: DataField, our_default: Any) -> set[str]:
    """Return the kinds of JSON value that an annotation permits, null where it is the default.

    A null that our table does not call a default, since no adapter is made of it, is none.
    """

    def visit(node: ast.expr) -> Iterator[str]:
        match node:
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
                yield "null"
                yield from visit(inner)
            case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=options)):
                for option in options:
                    yield from visit(option)
            case ast.Subscript(value=ast.Name(id="Literal")):
                yield "string"
            case ast.Subscript(value=outer):
                yield from visit(outer)
            case ast.BinOp(left=left, right=right):
                yield from visit(left)
                yield from visit(right)
            case _:
                yield _KINDS.get(ast.unparse(node), "object")

    kinds = set(visit(ast.parse(field.annotation, mode="eval").body))
    if field.default is None and our_default is not REQUIRED:
        kinds.add("null")
    return kinds | {"integer"} if "number" in kinds else kinds


def _kinds(annotation: Any) -> set[str]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin is Literal:
        return {_KINDS[type(choice).__name__] for choice in get_args(annotation)}
    if isinstance(origin, type) and origin in (list, tuple, dict):
        return {_KINDS[origin.__name__]}
    if origin is not None:
        return {kind for option in get_args(annotation) for kind in _kinds(option)}
    return {_KINDS.get(annotation.__name__, "object")}


def _choices(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal:
        yield from arguments
    else:
        for option in arguments[:1] if get_origin(annotation) is Annotated else arguments:
            yield from _choices(option)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for option in get_args(annotation):
        yield from _models(option)


def declaration(release: str, field: DataField, affects: str = "") -> str:
    """Write a field of the wheel as a line of our models; its description is left to fill in."""
    annotation = f'Annotated[{_translated(field.annotation)}, Since("{release}"){affects}]'
    match field.default:
        case Factory(name):
            default = f"default_factory={name}, "
        case value if value is REQUIRED or isinstance(value, Code):
            default = ""
        case value:
            default = f"default={_quoted(repr(value))}, "
    return f'{field.name}: {annotation} = Field({default}description="...")'


def _translated(annotation: str) -> str:
    class Translator(ast.NodeTransformer):
        def visit_Subscript(self, node: ast.Subscript) -> Any:
            match ast.unparse(node.value):
                case "Literal":
                    return node
                case "Union" if isinstance(node.slice, ast.Tuple):
                    return _joined([self.visit(option) for option in node.slice.elts])
                case "Optional":
                    return _joined([self.visit(node.slice), ast.Constant(None)])
                case "list" | "List" | "dict" | "Dict":
                    outer = ast.Name(ast.unparse(node.value).lower())
                    return ast.Subscript(outer, self.visit(node.slice))
            return self.generic_visit(node)

        def visit_Name(self, node: ast.Name) -> Any:
            return ast.Name(_OUR_NAMES.get(node.id, node.id))

    return _quoted(ast.unparse(Translator().visit(ast.parse(annotation, mode="eval"))))


def _joined(options: list[Any]) -> Any:
    first, *rest = options
    for option in rest:
        first = ast.BinOp(first, ast.BitOr(), option)
    return first


def _quoted(text: str) -> str:
    return text.replace("'", '"')


def _shown(default: Any) -> str:
    match default:
        case Factory(name):
            return f"{name}()"
        case Code(text):
            return text
    return "no default" if default is REQUIRED else repr(default)


def _listed(values: Any) -> str:
    return ", ".join(f"`{value}`" for value in sorted(values, key=str)) or "nothing"
