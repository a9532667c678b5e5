"""A reader of YAML that keeps the position of every key and value, and bounds what it costs.

It reads the first document of a text from the events of PyYAML's safe loader, so no tag makes an
object and no value is nested deeper, or repeated by aliases more often, than the limits allow.
Values are those of YAML 1.1, as `yaml.safe_load` gives them, up to what `Oddity` names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal

from loracfg.document.display import printable
from loracfg.document.plain import MAX_DEPTH
from loracfg.document.pointer import escape, unescape
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location, Region

if TYPE_CHECKING:
    from yaml import AliasEvent, Event, Mark, SafeLoader, ScalarEvent

    from loracfg.document.json_value import Json

MAX_CHARACTERS: Final = 256 * 1024
"""The maximum size of a text, also counting each use of an alias.

PyYAML without its C extension needs three seconds for it.
"""
MAX_VALUES: Final = 20_000
"""The maximum number of values, counting each use of an alias."""
MAX_NUMBER: Final = 1_000
"""The maximum characters of an integer; Python shows none of more than 4,300 digits."""

_INTEGER: Final = "tag:yaml.org,2002:int"
_KEY_IS_NO_SCALAR: Final = "a key is a list or a mapping"

OddityKind = Literal["repeated-key", "other-key", "other-value"]


class Oddity(NamedTuple):
    """A part of a text whose value is not what it says: its pointer, place and kind.

    `repeated-key` is a key that appears twice; the last one counts. `other-key` is a key that
    is no string, and `other-value` a value that JSON does not have, such as a date or a tag; both
    are kept as their text.
    """

    kind: OddityKind
    pointer: str
    region: Region


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value with its place, the place of its key in a mapping, and its parts.

    `text` is the text of a plain scalar, which some readers resolve to a different value. `size`
    is the number of values inside, and `characters` those of their keys and texts.
    """

    value: Json
    region: Region
    key: Region | None = None
    inside: Mapping[str, YamlNode] | Sequence[YamlNode] = ()
    text: str | None = None
    size: int = field(default=1, compare=False)
    characters: int = field(default=0, compare=False)


class YamlDocument:
    """A YAML file whose root is a mapping: its value, and the place of each part of it."""

    def __init__(self, file: str, root: YamlNode, oddities: Sequence[Oddity]) -> None:
        """Create a document from the root of its tree."""
        self.file = file
        self.root = root
        self.oddities = tuple(oddities)

    @property
    def value(self) -> Json:
        """The value of the file."""
        return self.root.value

    def node(self, pointer: str) -> YamlNode | None:
        """Return the node at a JSON pointer, or None if it is missing."""
        node = self.root
        for step in pointer.split("/")[1:]:
            found = _member(node.inside, unescape(step))
            if found is None:
                return None
            node = found
        return node

    def location(self, pointer: str, *, key: bool = False) -> Location:
        """Return the location of a value or its key, or of the nearest parent if it is missing."""
        at = pointer
        while (node := self.node(at)) is None:
            at = at.rpartition("/")[0]
        region = node.key if key and node.key else node.region
        return Location(self.file, pointer, region)


def read_yaml(text: str, file: str) -> YamlDocument | None:
    """Read a YAML text; return None if its root is no mapping.

    Raises:
        LoracfgError: the text is not YAML, exceeds a limit, or PyYAML is not installed.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"`{file}` has {len(text)} characters, more than the limit of {MAX_CHARACTERS}"
        raise LoracfgError(message, "pass the config of one training run")
    try:
        import yaml
    except ImportError:
        help_ = "install `loracfg[trainers]`"
        raise LoracfgError(f"PyYAML is needed to read `{file}`", help_) from None
    loader: type[SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, loader):
            builder.add(event)
            if builder.is_done:
                break
    except yaml.YAMLError as error:
        mark: Mark | None = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        problem = getattr(error, "problem", None) or getattr(error, "reason", "cannot be read")
        raise LoracfgError(f"{where}: not valid YAML: {printable(str(problem))}") from None
    root = builder.root
    if root is None or not isinstance(root.value, dict):
        return None
    return YamlDocument(file, root, builder.oddities)


def _member(inside: Mapping[str, YamlNode] | Sequence[YamlNode], step: str) -> YamlNode | None:
    if isinstance(inside, Mapping):
        return inside.get(step)
    is_index = step.isascii() and step.isdecimal() and int(step) < len(inside)
    return inside[int(step)] if is_index else None


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read."""

    pointer: str
    start: Mark
    anchor: str | None
    members: dict[str, YamlNode] | None = None
    items: list[YamlNode] = field(default_factory=list)
    key: tuple[str, Region, bool] | None = None
    """The key that waits for its value, its place, and whether it merges other mappings."""
    merged: dict[str, YamlNode] = field(default_factory=dict)
    size: int = 1
    characters: int = 0


class _Builder:
    """Makes a tree from events, without recursion."""

    def __init__(self, file: str) -> None:
        import yaml

        self.file = file
        self.root: YamlNode | None = None
        self.is_done = False
        self.oddities: list[Oddity] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, YamlNode] = {}
        self._scalars = yaml.SafeLoader("")
        self._yaml = yaml

    def add(self, event: Event) -> None:
        """Add the next event.

        Raises:
            LoracfgError: a limit is exceeded, or an alias is used inside its own value.
        """
        yaml = self._yaml
        match event:
            case yaml.ScalarEvent():
                self._add_scalar(event)
            case yaml.AliasEvent():
                self._add_alias(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end(event.end_mark)
            case yaml.DocumentEndEvent():
                self.is_done = True

    def _add_scalar(self, event: ScalarEvent) -> None:
        region = _region(event.start_mark, event.end_mark)
        if self._waits_for_key():
            self._take_key(event, region)
            return
        value, is_odd = self._value_of(event)
        if is_odd:
            self.oddities.append(Oddity("other-value", self._next_pointer(), region))
        text = event.value if event.implicit[0] else None
        node = YamlNode(value, region, text=text, characters=len(event.value))
        self._put(node, event.anchor)

    def _add_alias(self, event: AliasEvent) -> None:
        region = _region(event.start_mark, event.end_mark)
        node = self._anchors.get(event.anchor)
        if node is None:
            raise self._error(region, f"`*{printable(event.anchor)}` has no value at this place")
        if self._waits_for_key():
            if isinstance(node.value, list | dict):
                raise self._error(region, _KEY_IS_NO_SCALAR)
            self._open[-1].key = (str(node.value), region, False)
            return
        self._put(replace(node, region=region, key=None), None)

    def _start(self, event: Event) -> None:
        if len(self._open) >= MAX_DEPTH:
            region = _region(event.start_mark, event.end_mark)
            raise self._error(region, f"values are nested more than {MAX_DEPTH} levels deep")
        is_mapping = isinstance(event, self._yaml.MappingStartEvent)
        members: dict[str, YamlNode] | None = {} if is_mapping else None
        at = self._next_pointer()
        if self._waits_for_key():  # a list or mapping as a key
            region = _region(event.start_mark, event.end_mark)
            raise self._error(region, _KEY_IS_NO_SCALAR)
        if (event.tag or "").removeprefix("tag:yaml.org,2002:") not in ("", "map", "seq"):
            region = _region(event.start_mark, event.end_mark)
            self.oddities.append(Oddity("other-value", at, region))
        self._open.append(_Open(at, event.start_mark, event.anchor, members))

    def _end(self, end: Mark) -> None:
        done = self._open.pop()
        region = _region(done.start, end)
        inside: Mapping[str, YamlNode] | Sequence[YamlNode]
        value: Json
        if done.members is None:
            inside, value = done.items, [item.value for item in done.items]
        else:
            inside = {**done.merged, **done.members}
            value = {key: node.value for key, node in inside.items()}
        node = YamlNode(value, region, None, inside, None, done.size, done.characters)
        self._put(node, done.anchor)

    def _put(self, node: YamlNode, anchor: str | None) -> None:
        """Put a value into the innermost open list or mapping."""
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.size += node.size
        if parent.size > MAX_VALUES:
            raise self._error(node.region, f"the file has more than {MAX_VALUES} values")
        key, place, is_merge = parent.key or ("", node.region, False)
        parent.characters += node.characters + len(key)
        if parent.characters > MAX_CHARACTERS:
            message = f"aliases make the file longer than {MAX_CHARACTERS} characters"
            raise self._error(node.region, message)
        if parent.members is None:
            parent.items.append(node)
            return
        parent.key = None
        if is_merge:
            self._merge(parent, node)
            return
        if key in parent.members:
            pointer = f"{parent.pointer}/{escape(key)}"
            self.oddities.append(Oddity("repeated-key", pointer, place))
        parent.members[key] = replace(node, key=place)

    def _merge(self, parent: _Open, node: YamlNode) -> None:
        """Add the keys of a mapping, or of several, the first of which wins, as `<<` says."""
        sources = node.inside if isinstance(node.value, list) else [node]
        for source in sources if isinstance(sources, Sequence) else ():
            if not isinstance(source.value, dict) or not isinstance(source.inside, Mapping):
                raise self._error(node.region, "`<<` merges something that is not a mapping")
            for key, one in source.inside.items():
                parent.merged.setdefault(key, one)

    def _waits_for_key(self) -> bool:
        return bool(self._open) and self._open[-1].members is not None and not self._open[-1].key

    def _take_key(self, event: ScalarEvent, region: Region) -> None:
        parent = self._open[-1]
        is_plain = event.implicit[0] and event.tag is None
        if is_plain and event.value == "<<":
            parent.key = (event.value, region, True)
            return
        value, is_odd = self._value_of(event)
        if is_odd or not isinstance(value, str):
            pointer = f"{parent.pointer}/{escape(event.value)}"
            self.oddities.append(Oddity("other-key", pointer, region))
        parent.key = (event.value, region, False)

    def _next_pointer(self) -> str:
        if not self._open:
            return ""
        parent = self._open[-1]
        step = str(len(parent.items)) if parent.members is None else (parent.key or ("",))[0]
        return f"{parent.pointer}/{escape(step)}"

    def _value_of(self, event: ScalarEvent) -> tuple[Json, bool]:
        """Return the value of a scalar, and whether it is none that JSON has."""
        yaml, text = self._yaml, event.value
        if not isinstance(text, str):  # pragma: no cover  # PyYAML gives no other
            return str(text), True
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._scalars.resolve(yaml.ScalarNode, text, event.implicit)
        if tag == _INTEGER and len(text) > MAX_NUMBER:
            return text, True
        try:
            value = self._scalars.construct_object(yaml.ScalarNode(tag, text), deep=True)
        except (yaml.YAMLError, ValueError, OverflowError, LookupError, AttributeError):
            return text, True  # PyYAML does not check that a text is of its tag, as `!!bool x`
        if isinstance(value, date | bytes) or (isinstance(value, float) and not isfinite(value)):
            return text, True
        return value if isinstance(value, str | int | float | None) else text, False

    def _error(self, region: Region, why: str) -> LoracfgError:
        return LoracfgError(f"{self.file}:{region.line}:{region.column}: {why}")


def _region(start: Mark, end: Mark) -> Region:
    return Region(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
