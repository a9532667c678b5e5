"""Derives the facts of all config classes in a transcript."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from loracfg.base.catalogue.evaluation.refusals import DeclinedError
from loracfg.base.derivation.configs.hand_facts import LABELLED, TOKEN_CHECKS
from loracfg.base.derivation.configs.known_methods import unsupported_methods
from loracfg.base.derivation.configs.programs import (
    of_constructor,
    of_method,
    of_own_constructor,
)
from loracfg.base.derivation.configs.reflection import SHARED, NotExpressible, fields_of, record
from loracfg.base.derivation.interpreter.expressions import expression, forget_expressions
from loracfg.base.derivation.interpreter.values import Symbol
from loracfg.base.derivation.source.package import Package
from loracfg.base.derivation.stand_ins import models

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Computation, ConfigRecord


_CHECKS: Final = ("validate_", "_validate_rotary_dims")
"""Prefixes of methods that check a new config; one of them is for rotary positions."""
_LIMIT: Final = 4.0
"""CPU seconds for a method."""


class TooSlow(BaseException):
    """A method takes too long to interpret."""


@dataclass
class ConfigFacts:
    """The facts of all config classes of a library.

    Attributes:
        library: Name and release, as `transformers 5.23.0`.
        types: Config classes by `model_type`.
        generation: Keys for generation; in transformers 4 with their defaults.
        activations: Names of activations.
        base_fields: Fields of all classes; none in transformers 4.
        records: What each class adds to its bases, by class.
        declined: Why classes have no record.
        reasons: Why methods have no program, by class and method.
    """

    library: str
    types: dict[str, str]
    generation: Any
    activations: list[str]
    base_fields: dict[str, list[Any]]
    records: dict[str, ConfigRecord] = field(default_factory=dict)
    declined: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


class FactsSource:
    """Facts as a source of config classes, a `catalogue.configs.class_facts.ConfigClassSource`."""

    def __init__(self, facts: ConfigFacts) -> None:
        self._facts = facts
        self.library = facts.library
        self.types = facts.types
        self.generation = facts.generation
        self.activations = frozenset(facts.activations)
        self.base_fields = facts.base_fields

    def record(self, class_name: str) -> tuple[ConfigRecord, None]:
        """Return the facts of a class, whose programs have their own rows.

        Raises:
            DeclinedError: there are none.
        """
        found = self._facts.records.get(class_name)
        if found is None:
            why = self._facts.declined.get(class_name, "it is not known")
            raise DeclinedError(f"the class {class_name}: {why}")
        return found, None


def config_facts(package: Package, wanted: list[str] | None = None) -> ConfigFacts:
    """Derive the facts of the config classes in a transcript.

    Args:
        package: the transcript.
        wanted: model types, by default all.
    """
    module = importlib.import_module(f"{package.name}.common_configuration_utils")
    base = getattr(module, "PreTrainedConfig", None) or module.PretrainedConfig
    index = package.index
    types = {
        model_type: name
        for model_type, name in index.configs.items()
        if wanted is None or model_type in wanted
    }
    base_fields = fields_of(base) if hasattr(base, "__dataclass_fields__") else {}
    generation = index.generation if base_fields else base._get_global_generation_defaults()
    names = sorted(package.module("common_activations").ACT2FN)
    facts = ConfigFacts(index.library, types, generation, names, base_fields)
    programs: dict[type, dict[str, Computation]] = {}
    for cls in _classes(package, list(types.values()), base, facts):
        _add(package, cls, base, facts, programs)
    for cls in _made_classes(facts, programs):
        _add(package, cls, base, facts, programs)
    return facts


def _made_classes(facts: ConfigFacts, programs: dict[type, dict[str, Computation]]) -> list[type]:
    """Return the classes without a model type that programs create configs of."""
    found = {}
    for cls, own in programs.items():
        rows: list[list[Any]] = [
            row for program in own.values() for row in program.get("exprs", ())
        ]
        for name in [row[1][0] for row in rows if row[0] == "make"]:
            made = getattr(sys.modules[cls.__module__], name or "", None)
            if made is not None and name not in facts.records:
                found[name] = made
    return list(found.values())


def _classes(package: Package, names: list[str], base: type, facts: ConfigFacts) -> Iterator[type]:
    """Yield config classes and those of their parts, bases first."""
    seen: set[type] = {base}

    def visit(cls: Any) -> Iterator[type]:
        is_config = hasattr(cls, "__dataclass_fields__") or issubclass(cls, base)
        if cls in seen or not is_config:
            return
        seen.add(cls)
        for one in cls.__mro__[1:]:
            yield from visit(one)
        parts = getattr(cls, "sub_configs", None)
        for one in parts.values() if isinstance(parts, dict) else ():
            if isinstance(one, type):
                yield from visit(one)
        if cls.__name__ not in SHARED:
            yield cls

    for name in dict.fromkeys(names):
        try:
            cls = package.load(name)
        except Exception as error:
            facts.declined[name] = f"not loaded: {error}"
            continue
        yield from visit(cls)


def _add(
    package: Package,
    cls: Any,
    base: type,
    facts: ConfigFacts,
    programs: dict[type, dict[str, Computation]],
) -> None:
    others = unsupported_methods(cls)
    if others:
        facts.declined[cls.__name__] = f"it has {', '.join(others)}"
        return
    try:
        found = record(cls, base)
    except NotExpressible as error:
        facts.declined[cls.__name__] = str(error)
        return
    own = programs[cls] = _programs(package.name, cls, base, facts)
    inherited = programs.get(cls.__mro__[1], {})
    is_own = {"init"} if hasattr(cls, "__dataclass_fields__") else set()  # it is not inherited
    does = {k: one for k, one in own.items() if k in is_own or inherited.get(k) != one}
    if does:
        found["does"] = does
    facts.records[cls.__name__] = found


def _programs(package: str, cls: Any, base: type, facts: ConfigFacts) -> dict[str, Computation]:
    """Derive the programs of a class, even of inherited methods: they may read its attributes."""
    found: dict[str, Computation] = {}
    for key, interpret in _methods(package, cls, base):
        forget_expressions()
        try:
            with _limited():
                program = interpret()
        except (TooSlow, Exception) as error:
            program = {"no": f"{type(error).__name__}: {str(error)[:70]}"}
            facts.reasons[f"{cls.__name__}.{key}"] = program["no"]
        if program is not None:
            found[key] = program
    return found


_Interpret: TypeAlias = "Callable[[], Computation | None]"


def _methods(package: str, cls: Any, base: type) -> Iterator[tuple[str, _Interpret]]:
    """Yield the methods of a class that become programs, each with a function to interpret it."""
    yield from _constructors(package, cls, base)
    for name in dir(cls):
        if name.startswith("__") or name in ("sub_configs", "has_no_defaults_at_init"):
            continue
        owner = next(one for one in cls.__mro__ if name in vars(one))
        value = vars(owner)[name]
        is_shared = owner.__name__ in SHARED or not owner.__module__.startswith(package)
        if is_shared or name == "_attn_implementation":
            continue
        if isinstance(value, property):
            if not isinstance(value, models.Alias):
                yield from _property(package, cls, base, name, value, owner)
        elif name == "validate_token_ids":
            if owner.__name__ in TOKEN_CHECKS:  # the others only warn, like the shared one
                yield f"check {name}", lambda o=owner: TOKEN_CHECKS[o.__name__]  # type: ignore[misc]
        elif name == "validate_rope" and owner.__name__ in LABELLED:
            yield f"check {name}", lambda: {"labels": 1}
        elif name.startswith(_CHECKS) or name == "get_text_config":
            key = "text" if name == "get_text_config" else f"check {name.removeprefix('_')}"
            yield key, _method(package, cls, base, value, owner)


def _constructors(package: str, cls: Any, base: type) -> Iterator[tuple[str, _Interpret]]:
    if hasattr(cls, "__dataclass_fields__"):
        yield "post", lambda: of_constructor(package, cls, base)
        yield "init", lambda: of_own_constructor(package, cls, base)
    else:
        yield "init", lambda: of_constructor(package, cls, base)


def _method(package: str, cls: type, base: type, value: Any, owner: type) -> _Interpret:
    if isinstance(value, staticmethod):
        value = value.__func__
    return lambda: of_method(package, cls, base, value, owner)


def _property(
    package: str, cls: type, base: type, name: str, value: property, owner: type
) -> Iterator[tuple[str, _Interpret]]:
    yield f"get {name}", lambda: of_method(package, cls, base, value.fget, owner)
    if value.fset is not None:

        def of_setter() -> Computation:
            given = (Symbol(expression("kw", "value")),)
            return of_method(package, cls, base, value.fset, owner, given)

        yield f"set {name}", of_setter


@contextmanager
def _limited() -> Iterator[None]:
    """Raise `TooSlow` in a block that takes too long."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlow("it takes too long")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
