"""Lists the supported methods of config classes; classes with other methods decline."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.configs.reflection import SHARED

COVERED: Final = frozenset(
    (
        *("__init__", "__post_init__", "get_text_config", "convert_rope_params_to_dict"),
        *("from_dict", "sub_configs"),  # in the record
        *(
            "__setattr__",
            "__getattribute__",
            "__getattr__",
            "__iter__",
        ),  # in the record, or added by `strict`
        *("to_dict", "to_diff_dict"),  # only written, never read
        *("validate", "has_no_defaults_at_init", "_attn_implementation"),
    )
)
"""Methods that may override those of the base classes, since the facts have their effect."""
_HARMLESS: Final = frozenset(
    (
        *("__module__", "__doc__", "__annotations__", "__dict__", "__weakref__", "__qualname__"),
        *("__dataclass_fields__", "__validators__", "__plain__", "__match_args__", "__hash__"),
        *("__eq__", "__repr__", "__parameters__", "__orig_bases__", "__firstlineno__"),
        *("__static_attributes__", "__dataclass_params__", "__abstractmethods__"),
    )
)


def unsupported_methods(cls: type) -> list[str]:
    """Return the methods of a class and its bases that are not supported."""
    shared: set[str] = set()
    for one in cls.__mro__:
        if one.__name__ in SHARED:
            shared |= vars(one).keys()
    found = []
    for one in cls.__mro__:
        if one.__name__ in SHARED or one is object:
            continue
        found += [name for name, value in vars(one).items() if _acts(name, value, shared)]
    return sorted(set(found))


def _acts(name: str, value: Any, shared: set[str]) -> bool:
    if name in COVERED or name in _HARMLESS or name.startswith("validate_"):
        return False
    is_method = callable(value) or isinstance(value, (classmethod, staticmethod))
    if name.startswith("__") and name.endswith("__"):
        return True
    return is_method and name in shared
