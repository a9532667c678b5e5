"""The keys of `loracfg.toml`: each is declared here once, for parser, schema and docs."""

from __future__ import annotations

import re
from typing import Final, Literal

from loracfg.named_tuple import NamedTuple
from loracfg.sources.globs import GLOB

Value = str | bool | int | tuple[str, ...] | None
"""The value of a key, with a tuple for a list."""

_END: Final = r"$(?![\s\S])"
"""The end, for Python and JavaScript alike: Python's `$` also matches before a final line feed."""
TEXT: Final = rf"^[^\x00-\x1f\x7f]+{_END}"
CODES: Final = rf"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*{_END}"
GLOBS: Final = rf"^{GLOB}{_END}"
EXCLUDES: Final = rf"^(?!!){GLOB}{_END}"


class ValueKind(NamedTuple):
    """What values a key takes.

    Attributes:
        type: the JSON type; for a list, that of its items.
        what: the value, or an item of the list, in words.
        example: a value as it is written in TOML.
        is_list: whether it is a list.
        pattern: what texts must match.
        choices: the texts that are allowed, if not all.
    """

    type: Literal["string", "boolean", "integer"]
    what: str
    example: str
    is_list: bool = False
    pattern: str = TEXT
    choices: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Tell whether a value, or an item of a list, can be used."""
        if self.type == "boolean":
            return isinstance(value, bool)
        if self.type == "integer":
            return isinstance(value, int) and not isinstance(value, bool) and value > 0
        if not isinstance(value, str):
            return False
        return value in self.choices if self.choices else bool(re.search(self.pattern, value))


_SEVERITIES: Final = ("error", "warning")

_TEXT: Final = ValueKind("string", "a non-empty string", '"…"')
_FLAG: Final = ValueKind("boolean", "`true` or `false`", "true")
_COUNT: Final = ValueKind("integer", "a positive integer", "64")
_FAIL_ON: Final = ValueKind("string", "`error` or `warning`", '"error"', choices=_SEVERITIES)
_TEXTS: Final = ValueKind("string", "a non-empty string", '["…"]', is_list=True)
_CODES: Final = ValueKind("string", "a rule", '["LC7"]', is_list=True, pattern=CODES)
_GLOBS: Final = ValueKind("string", "a pattern of paths", '["old/*"]', is_list=True, pattern=GLOBS)
_EXCLUDES: Final = _GLOBS._replace(pattern=EXCLUDES)


def _like(kind: ValueKind, example: str) -> ValueKind:
    """Return a kind with a different example."""
    return kind._replace(example=f'["{example}"]' if kind.is_list else f'"{example}"')


class Key(NamedTuple):
    """A key of the file.

    Attributes:
        name: the key, preceded by its table if it is in one (`policy.max-rank`).
        kind: its values.
        help: what it chooses.
        in_paths: whether tables in `[paths]` can have it too.
        default: the value if nothing sets it.
        has_option: whether commands have an option and a variable of the same name.
    """

    name: str
    kind: ValueKind
    help: str
    in_paths: bool = False
    default: Value = None
    has_option: bool = True

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"LORACFG_{self.name.upper().replace('-', '_')}"


PATHS: Final = "paths"
POLICY: Final = "policy"

_BASE: Final = _like(_TEXT, "models/llama")
_CLASS: Final = _like(_TEXT, "LlamaForCausalLM")
_RELEASE: Final = _like(_TEXT, "0.17")
_ENGINES: Final = _like(_TEXTS, "vllm==0.33")
_BASELINE: Final = _like(_TEXT, "loracfg-baseline.json")
_BASES: Final = _like(_GLOBS, "meta-llama/*")
_LICENSES: Final = _like(_TEXTS, "mit")

_ALL: Final = (
    Key("select", _CODES, "Only report these rules (codes, prefixes or names).", True, ()),
    Key("ignore", _CODES, "Do not report these rules.", True, ()),
    Key("base", _BASE, "The base model, as `--base` takes it.", True),
    Key("class", _CLASS, "Model class, if not the one in the adapter's config.", True),
    Key("peft", _RELEASE, "Also check that this PEFT release loads the adapter.", True),
    Key("for", _ENGINES, "Also check that these engines load the adapter.", True, ()),
    Key(
        "online",
        _FLAG,
        "Read what is named by an id from the Hub, as `--online`.",
        default=False,
    ),
    Key("data", _FLAG, "Also check the tensor values.", default=False),
    Key("preview", _FLAG, "Also run rules that are in preview.", default=False),
    Key("fail-on", _FAIL_ON, "Lowest severity that exits with status 1.", default="error"),
    Key("strict", _FLAG, "Also exit with status 1 if something is undetermined.", default=False),
    Key("exclude", _EXCLUDES, "Folders in which no adapters are searched.", default=()),
    Key("baseline", _BASELINE, "The file of accepted findings."),
    Key("policy.bases", _BASES, "The ids and folders of allowed bases.", has_option=False),
    Key("policy.licenses", _LICENSES, "Allowed licenses of model cards.", has_option=False),
    Key("policy.max-rank", _COUNT, "The largest allowed rank.", has_option=False),
    Key("policy.pinned-revision", _FLAG, "Require a commit as `revision`.", has_option=False),
    Key("policy.no-pickles", _FLAG, "Forbid pickled files.", has_option=False),
    Key("policy.no-modules-to-save", _FLAG, "Forbid `modules_to_save`.", has_option=False),
)

_IN_POLICY: Final = f"{POLICY}."

KEYS: Final = {key.name: key for key in _ALL}
"""All keys, by name."""
OF_FILE: Final = {name: key for name, key in KEYS.items() if key.has_option}
"""The keys at the top of the file."""
OF_PATHS: Final = {name: key for name, key in KEYS.items() if key.in_paths}
"""The keys of tables in `[paths]`."""
OF_POLICY: Final = {
    name.removeprefix(_IN_POLICY): key for name, key in KEYS.items() if not key.has_option
}
"""The keys of `[policy]`, without the name of the table."""
