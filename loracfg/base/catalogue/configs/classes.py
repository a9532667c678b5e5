"""Creates config classes from facts: fields, aliases and properties become real ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.configs import rope
from loracfg.base.catalogue.configs.class_facts import Facts, ReleaseLibrary
from loracfg.base.catalogue.configs.config_values import decode_value
from loracfg.base.catalogue.configs.core import Core
from loracfg.base.catalogue.configs.programs import Program
from loracfg.base.catalogue.configs.transformers5 import Config
from loracfg.base.catalogue.evaluation.refusals import DeclinedError
from loracfg.base.catalogue.evaluation.rows import Rows

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.rows import Rows
    from loracfg.base.catalogue.program_data import ConfigRecord

NOT_THROUGH: Final = ("_name_or_path", "model_type", "dtype", "_attn_implementation_internal")
"""The attributes of a config that are its own if it passes on all others to a part."""


def new_class(
    library: ReleaseLibrary, name: str, record: ConfigRecord, rows: Rows | None
) -> type[Core]:
    """Create a config class from its facts.

    Raises:
        DeclinedError: if the facts do not cover it.
    """
    bases = tuple(library.config_class(base) for base in record["bases"])
    body = {key: decode_value(value) for key, value in record.get("consts", {}).items()}
    facts = _facts(library, bases, record, rows)
    body |= {"__slots__": (), "_facts": facts}
    if "through" in record:
        through = record["through"]
        if through is None:
            raise DeclinedError(f"`{name}` reads attributes in its own way")
        body.update(_through(through) if isinstance(through, str) else _sharing(through))
    own_names = record.get("names") or {}
    body.update(_methods(record, facts, own_names))
    for field, (_, *rest) in record.get("fields", {}).items():
        covers = any(isinstance(getattr(base, field, None), property) for base in bases)
        if rest and covers and field not in body:  # a default overrides a property of a base
            body[field] = decode_value(rest[0])
    body.update({other: _other_name(of) for other, of in own_names.items() if other != of})
    made: type[Core] = type(name, bases, body)
    return made


def _facts(
    library: ReleaseLibrary, bases: tuple[type, ...], record: Mapping[str, Any], rows: Rows | None
) -> Facts:
    """Return the facts about a class: those about its first base, and what it adds."""
    known = [base._facts for base in bases if issubclass(base, Core)]
    facts = copy.copy(known[0]) if known else Facts(library)
    facts.fields = {name: one for base in reversed(known) for name, one in base.fields.items()}
    facts.checks = dict(facts.checks)
    facts.is_loose = bool(record.get("loose"))
    facts.add_fields(record.get("fields", {}))
    facts.names = facts.names if record.get("names") is None else record["names"]
    facts.parts = record.get("parts", facts.parts)
    facts.rope = record.get("rope", facts.rope)
    facts.reads_dicts = facts.reads_dicts or bool(record.get("from_dict"))
    facts.writes_dicts = facts.writes_dicts or bool(record.get("to_dict"))
    facts.programs = dict(facts.programs)
    if issubclass(bases[0], Config):
        facts.programs.pop("init", None)  # a class without a constructor has one for its fields
    facts.programs |= {key: Program(one, rows) for key, one in record.get("does", {}).items()}
    facts.start = None
    return facts


def _methods(record: Mapping[str, Any], facts: Facts, names: dict[str, str]) -> dict[str, Any]:
    """Return the properties and checks that a class adds."""
    found: dict[str, Any] = {}
    for key in record.get("does", {}):
        kind, _, name = key.partition(" ")
        if kind in ("get", "set") and name not in names:
            found[name] = _computed(facts, name)
        elif kind == "check":
            found[name] = _validator(facts.programs[key])
    return found


def _computed(facts: Facts, name: str) -> property:
    """Return a property with programs that read and set it."""
    reading, writing = facts.programs.get(f"get {name}"), facts.programs.get(f"set {name}")

    def read(config: Core) -> Any:
        if reading is None:
            raise AttributeError(name)
        return reading.result(config)

    def write(config: Core, value: Any) -> None:
        assert writing is not None
        run = writing.run(config, {"value": value})
        run.require("checks")
        run.assign_inside("nested")
        run.assign("sets")

    return property(read, None if writing is None else write)


def _validator(program: Program) -> Callable[[Any], None]:
    """Return a method that checks a config."""
    data = program.data

    def validate(config: Any) -> None:
        if "labels" in data:  # each label has its own parameters
            parameters = getattr(config, "rope_parameters", None) or {}
            found = [parameters.get(label) for label in config._rope_type_labels]
            rope.check(config, [one for one in found if isinstance(one, dict)])
            return
        for base in data.get("base", ()):
            getattr(Config, base)(config)
        run = program.run(config, {})
        run.require("checks")
        run.assign("sets")

    return validate


def _other_name(name: str) -> property:
    """Return an alias of an attribute, which it sets without a check."""
    return property(attrgetter(name), lambda config, value: object.__setattr__(config, name, value))


def _through(part: str) -> dict[str, Any]:
    """Return methods that read and set attributes of a part through the config."""

    def write(config: Core, name: str, value: Any) -> None:
        inner = object.__getattribute__(config, "__dict__").get(part)
        if inner is not None and name not in NOT_THROUGH and name in vars(inner):
            setattr(inner, name, value)
        else:
            Core.__setattr__(config, name, value)

    def read(config: Core, name: str) -> Any:
        if name != "__dict__" and name not in NOT_THROUGH:
            own = object.__getattribute__(config, "__dict__")
            if part in own and name in vars(own[part]):
                return getattr(own[part], name)
        return object.__getattribute__(config, name)

    return {"__setattr__": write, "__getattribute__": read}


def _sharing(shared: dict[str, list[str]]) -> dict[str, Any]:
    """Return a method that also sets some attributes on parts."""

    def write(config: Core, name: str, value: Any) -> None:
        for part in shared["parts"] if name in shared["names"] else ():
            setattr(getattr(config, part), name, value)
        Core.__setattr__(config, name, value)

    return {"__setattr__": write}
