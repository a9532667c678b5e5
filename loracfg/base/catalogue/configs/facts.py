"""What is known of a config class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.configs.field_types import FieldCheck
from loracfg.base.catalogue.configs.values import NO_DEFAULT, decoded, is_config
from loracfg.base.catalogue.evaluation.errors import RefusedError

if TYPE_CHECKING:
    from loracfg.base.catalogue.configs.library import Library
    from loracfg.base.catalogue.configs.programs import Program


@dataclass(slots=True)
class Facts:
    """What is known of a config class, with what its bases add.

    Attributes:
        library: the classes of the release.
        fields: defaults by name, `NO_DEFAULT` where there is none; in order.
        checks: what fields accept.
        names: other names of attributes.
        parts: configs inside: class or None, type, values by default, whether null stays.
        programs: what methods compute: `post`, `init`, `text`, `check ...`, `get ...`, `set ...`.
        rope: how older keys of rotary positions are read; None for the usual way.
        is_loose: the class checks none of its fields.
        reads_dicts: the class has its own way from a dict.
        writes_dicts: the class has its own way to a dict.
    """

    library: Library
    fields: dict[str, Any] = field(default_factory=dict)
    checks: dict[str, FieldCheck] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[Any]] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    rope: dict[str, Any] | None = None
    is_loose: bool = False
    reads_dicts: bool = False
    writes_dicts: bool = False
    start: Start | None = None


class Start:
    """How a config of a class begins, before any key is read.

    Attributes:
        facts: what is known of the class.
        is_simple: no field goes by another name or is a property.
        plain: defaults that may be shared.
        fresh: defaults that each config gets a copy of.
        needed: fields that have no default, or one that they do not accept.
        validators: names of the methods that check a config when it is made.
    """

    __slots__ = ("facts", "fresh", "is_simple", "needed", "plain", "validators")

    def __init__(self, config_class: type, facts: Facts) -> None:
        self.facts = facts
        self.plain: dict[str, Any] = {}
        self.fresh: list[tuple[str, Any]] = []
        self.needed: list[str] = []
        for name, default in facts.fields.items():
            if default is NO_DEFAULT or not _accepts(facts.checks.get(name), default):
                self.needed.append(name)
            elif type(default) in (dict, list):
                self.fresh.append((name, default))
            else:
                self.plain[name] = default
        self.is_simple = not any(
            name in facts.names or isinstance(getattr(config_class, name, None), property)
            for name in facts.fields
        )
        self.validators = [
            getattr(config_class, name)
            for name in sorted(dir(config_class))
            if name.startswith("validate_")
        ]


def _accepts(check: FieldCheck | None, default: Any) -> bool:
    if check is None or check.fitting is None or is_config(default):
        return True
    value = decoded(default)
    if type(value) in check.fitting:
        return True
    try:
        check(value)
    except (RefusedError, TypeError):
        return False
    return True
