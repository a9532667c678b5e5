"""The options of a file or a command line, by name, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from loracfg.document.pointer import escape
from loracfg.document.yaml_document import MAX_NUMBER
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location, Region

if TYPE_CHECKING:
    from loracfg.document.json_document import Document
    from loracfg.document.json_value import Json
    from loracfg.document.yaml_document import YamlDocument, YamlNode
    from loracfg.training.trainer_files.shell_words import ShellWord

_NAME: Final = re.compile(r"-?-[A-Za-z]")
_FLOAT: Final = re.compile(
    r"[-+]?(\d[\d_]*)\.[\d_]*([eE][-+]?\d+)?|[-+]?\d[\d_]*[eE][-+]?\d+|\.\d[\d_]*([eE][-+]\d+)?"
)
"""Numbers for readers that do not follow YAML 1.1 in that an exponent needs a point and a sign."""
_NO_PLACES: Final[Mapping[str, Location]] = {}
_NO_TEXTS: Final[Mapping[str, str]] = {}


class TrainerOption(NamedTuple):
    """An option: its value, the place of its name and value, and the places of parts of the value.

    Attributes:
        name: the name, with `_` for `-`.
        value: the value; of a command line, the list of its words.
        key: the place of the name.
        place: the place of the value.
        parts: the places of the items of a list or mapping, by index or key, and of their items, as
            `key/0`.
        texts: the texts of YAML scalars without quotes: of the value under the empty name, and of
            its parts.
        part_keys: the places of the keys of a mapping.
        is_odd: whether the value is not what it says, such as a date, depends on the shell, or is
            an integer with too many digits.
    """

    name: str
    value: Json
    key: Location
    place: Location
    parts: Mapping[str, Location] = _NO_PLACES
    texts: Mapping[str, str] = _NO_TEXTS
    is_odd: bool = False
    part_keys: Mapping[str, Location] = _NO_PLACES


class TrainerOptions:
    """TrainerOptions by name, in the order of the file."""

    def __init__(self, file: str, options: Sequence[TrainerOption], whole: Location) -> None:
        """Create options; of several with one name, the last counts."""
        self.file = file
        self.whole = whole
        self.is_from_words = False
        self._options = {option.name: option for option in options}

    def __contains__(self, name: str) -> bool:
        """Return whether an option is given."""
        return name in self._options

    def __iter__(self) -> Iterator[TrainerOption]:
        """Iterate over the options."""
        return iter(self._options.values())

    def get(self, name: str) -> TrainerOption | None:
        """Return an option, or None."""
        return self._options.get(name)

    def first(self, *names: str) -> TrainerOption | None:
        """Return the first of several options that is given, or None."""
        return next((found for name in names if (found := self.get(name))), None)

    def names(self) -> frozenset[str]:
        """Return the names of all options."""
        return frozenset(self._options)


def options_of_yaml(document: YamlDocument) -> TrainerOptions:
    """Return the options at the top level of a YAML file."""
    odd = {oddity.pointer.split("/")[1] for oddity in document.oddities if oddity.pointer}
    found = []
    for name, node in _members(document).items():
        at = f"/{escape(name)}"
        inside = node.inside
        nodes = inside if isinstance(inside, Mapping) else _numbered(inside)
        found.append(
            TrainerOption(
                name,
                node.value,
                document.location(at, key=True),
                document.location(at),
                _parts(document, at, node.value),
                {k: one.text for k, one in {"": node, **nodes}.items() if one.text is not None},
                escape(name) in odd,
                _keys(document, at, inside if isinstance(inside, Mapping) else ()),
            )
        )
    return TrainerOptions(document.file, found, Location(document.file, ""))


def options_of_json(document: Document) -> TrainerOptions:
    """Return the options at the top level of a JSON file; its value must be an object."""
    value: Json = document.value
    found = []
    for name, one in value.items() if isinstance(value, dict) else ():
        at = f"/{escape(name)}"
        parts = _parts(document, at, one)
        key, place = document.location(at, key=True), document.location(at)
        inside = one if isinstance(one, dict) else ()
        part_keys = _keys(document, at, inside)
        is_odd = isinstance(one, int) and _is_huge(f"{one}")
        kept = f"{one}" if is_odd else one
        found.append(
            TrainerOption(name, kept, key, place, parts, is_odd=is_odd, part_keys=part_keys)
        )
    return TrainerOptions(document.file, found, Location(document.file, ""))


def options_of_words(words: Sequence[ShellWord], file: str) -> TrainerOptions:
    """Return the options of a command line, such as `--lora_r 8 --use_peft`."""
    found: list[TrainerOption] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if not _NAME.match(word.text):
            continue
        name, has_value, own = word.text.lstrip("-").partition("=")
        values = [word._replace(text=own)] if has_value else []
        while not has_value and at < len(words) and not _NAME.match(words[at].text):
            values.append(words[at])
            at += 1
        found.append(_option_of_words(name.replace("-", "_"), word, values, file))
    start = words[0].region if words else Region(1, 1, 1, 1)
    options = TrainerOptions(file, found, Location(file, region=start))
    options.is_from_words = True
    return options


def _option_of_words(
    name: str, word: ShellWord, values: Sequence[ShellWord], file: str
) -> TrainerOption:
    key = Location(file, region=word.region)
    places = [Location(file, region=value.region) for value in values]
    first, last = (values[0], values[-1]) if values else (word, word)
    whole = Region(*first.region[:2], *last.region[2:])
    return TrainerOption(
        name,
        [value.text for value in values],
        key,
        Location(file, region=whole),
        {str(index): place for index, place in enumerate(places)},
        is_odd=any(not value.is_literal or _is_huge(value.text) for value in values),
    )


def _is_huge(text: str) -> bool:
    """Whether a text is an integer with which nothing is computed, as in YAML."""
    return len(text) > MAX_NUMBER and text.lstrip("+-").replace("_", "").isdecimal()


def with_exponents(option: TrainerOption, part: str = "") -> Json:
    """Return the value of an option or of its part, where `1e-4` is a number as in YAML 1.2."""
    value = option.value
    if part:
        value = value.get(part) if isinstance(value, dict) else None
    text = option.texts.get(part, "")
    return float(text.replace("_", "")) if _FLOAT.fullmatch(text) else value


def _parts(document: Document | YamlDocument, at: str, value: Json) -> Mapping[str, Location]:
    """Return the places of the items of the value at a pointer, and of their items."""
    found = {}
    for step, one in _items(value):
        found[step] = document.location(f"{at}/{escape(step)}")
        for inner, _ in _items(one):
            place = document.location(f"{at}/{escape(step)}/{escape(inner)}")
            found[f"{step}/{inner}"] = place
    return found


def _items(value: Json) -> Iterator[tuple[str, Json]]:
    """Yield the items of a list or mapping, by index or key."""
    if isinstance(value, dict):
        yield from value.items()
    if isinstance(value, list):
        yield from ((str(index), one) for index, one in enumerate(value))


def _keys(
    document: Document | YamlDocument, at: str, names: Iterable[str]
) -> Mapping[str, Location]:
    """Return the places of the keys of the mapping at a pointer."""
    return {name: document.location(f"{at}/{escape(name)}", key=True) for name in names}


def _numbered(items: Sequence[YamlNode]) -> dict[str, YamlNode]:
    return {str(index): item for index, item in enumerate(items)}


def _members(document: YamlDocument) -> Mapping[str, YamlNode]:
    inside = document.root.inside
    return inside if isinstance(inside, Mapping) else {}
