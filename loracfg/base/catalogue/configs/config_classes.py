"""Creates config classes from facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.configs import rope
from loracfg.base.catalogue.configs.config_values import NO_DEFAULT, decode_value
from loracfg.base.catalogue.configs.field_types import FieldCheck
from loracfg.base.catalogue.configs.programs import Program
from loracfg.base.catalogue.evaluation.config import (
    Config,
    ConfigClass,
    ConfigClasses,
    ConfigMethod,
    Member,
)
from loracfg.base.catalogue.evaluation.refusals import DeclinedError

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.rows import Rows
    from loracfg.base.catalogue.program_data import ConfigRecord, FieldRecord


def add_fields(config_class: ConfigClass, fields: Mapping[str, FieldRecord]) -> None:
    """Add the fields of a class, `[type, default, checks]`, to those of its bases."""
    assert config_class.library is not None
    activations = config_class.library.source.activations
    kind: Any
    for name, (kind, *rest) in fields.items():
        config_class.fields[name] = rest[0] if rest else NO_DEFAULT
        if not config_class.is_loose:
            checks: Any = rest[1] if rest[1:] else []
            config_class.checks[name] = FieldCheck(name, kind, checks, activations)


def new_class(
    library: ConfigClasses, name: str, record: ConfigRecord, rows: Rows | None
) -> ConfigClass:
    """Create a config class from its facts.

    Raises:
        DeclinedError: if the facts do not cover it.
    """
    bases = [library.config_class(base) for base in record["bases"]]
    if "through" in record and record["through"] is None:
        raise DeclinedError(f"`{name}` reads attributes in its own way")
    programs: dict[str, ConfigMethod] = {
        key: Program(one, rows) for key, one in record.get("does", {}).items()
    }
    inherited = dict(next((base.programs for base in bases if base.is_config), {}))
    if bases[0].is_config and not library.is_older:
        inherited.pop("init", None)  # a class without a constructor has one for its fields
    programs = {**inherited, **programs}
    own = _own(record, bases, programs)
    made = ConfigClass(name, library, bases, own, _methods(record, programs))
    made.programs = programs
    _add_facts(made, record)
    return made


def _own(
    record: ConfigRecord, bases: list[ConfigClass], programs: Mapping[str, ConfigMethod]
) -> dict[str, object]:
    """Return the constants and members that a class adds."""
    own = {key: decode_value(value) for key, value in record.get("consts", {}).items()}
    names = record.get("names") or {}
    for key in record.get("does", {}):
        kind, _, name = key.partition(" ")
        if kind in ("get", "set") and name not in names:
            own[name] = _computed(programs, name)
    for field, (_, *rest) in record.get("fields", {}).items():
        covers = any(field in base.members for base in bases)
        if rest and covers and field not in own:  # a default overrides a member of a base
            own[field] = decode_value(rest[0])
    own.update({other: _alias(of) for other, of in names.items() if other != of})
    return own


def _add_facts(made: ConfigClass, record: Mapping[str, Any]) -> None:
    """Add what a record says about a class to what its bases have."""
    made.is_loose = bool(record.get("loose"))
    add_fields(made, record.get("fields", {}))
    made.names = made.names if record.get("names") is None else record["names"]
    made.parts = record.get("parts", made.parts)
    made.rope = record.get("rope", made.rope)
    made.reads_dicts = made.reads_dicts or bool(record.get("from_dict"))
    made.writes_dicts = made.writes_dicts or bool(record.get("to_dict"))
    through = record.get("through")
    if isinstance(through, str):
        made.through, made.shared = through, {}
    elif through:
        made.through, made.shared = None, through


def _methods(
    record: Mapping[str, Any], programs: Mapping[str, ConfigMethod]
) -> dict[str, Callable[[Config], None]]:
    """Return the checks that a class adds."""
    split = [(key, *key.partition(" ")) for key in record.get("does", {})]
    return {name: _validator(programs[key]) for key, kind, _, name in split if kind == "check"}


def _computed(programs: Mapping[str, ConfigMethod], name: str) -> Member:
    """Return a member with programs that read and set it."""
    reading, writing = programs.get(f"get {name}"), programs.get(f"set {name}")

    def read(config: Config) -> Any:
        if reading is None:
            raise AttributeError(name)
        return reading.result(config)

    def write(config: Config, value: Any) -> None:
        assert writing is not None
        run = writing.run(config, {"value": value})
        run.require("checks")
        run.assign_inside("nested")
        run.assign("sets")

    return Member(read, None if writing is None else write)


def _alias(name: str) -> Member:
    """Return an alias of an attribute, which it sets without a check."""
    return Member(lambda config: config.read(name), lambda config, value: config.put(name, value))


def _validator(program: ConfigMethod) -> Callable[[Config], None]:
    """Return a method that checks a config."""
    data = program.data

    def validate(config: Config) -> None:
        if "labels" in data:  # each label has its own parameters
            parameters = config.get("rope_parameters") or {}
            found = [parameters.get(label) for label in config.read("_rope_type_labels")]
            rope.check(config, [one for one in found if isinstance(one, dict)])
            return
        for base in data.get("base", ()):
            config.library.base_methods[base](config)
        run = program.run(config, {})
        run.require("checks")
        run.assign("sets")

    return validate
