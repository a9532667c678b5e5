"""Read an adapter: its files, its config and the header of its weights."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.files import DEAD_LINK, TOKENIZER_FILES, Files, LoneConfig
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Header, Shape, Tensor
from loracfg.adapter.name_table import NameTable
from loracfg.adapter.tensor_names import Part, TensorName
from loracfg.cache import Cache
from loracfg.config import CONFIG_NAME
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.config.reading.foreign_config import PEFT_TYPES, describe_foreign
from loracfg.config.reading.plain_config import reading_of
from loracfg.document.json_document import MAX_BYTES, Document, read_document
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault
from loracfg.report.report import LORA, Location

if TYPE_CHECKING:
    from loracfg.adapter.tensor_values import AdapterValues
    from loracfg.adapter.tokenizer import Tokenizer
    from loracfg.config.model.config_values import ConfigValues

SAFETENSORS_NAME: Final = "adapter_model.safetensors"
PICKLE_NAME: Final = "adapter_model.bin"

NOT_A_FILE: Final = "not-a-file"
"""The kind of fault if something other than a file has a name that PEFT reads."""
STILL_LORA: Final = frozenset({"no-peft-type", "unknown-method"})
"""Faults of `peft_type` that do not stop the rest from being read as a LoRA config."""

_MAY_HOLD_LORA: Final = frozenset({"CARTRIDGE", "SHADOW", "XLORA"})
"""Methods that wrap other models or adapters, and may contain the tensors of LoRA.

No other method of 0.21.2 has tensors with the names of LoRA factors (`prefix` in
`peft/tuners/*/model.py`; names of AdaLoRA do not end with `.weight`).
"""
_NO_NAMES: Final = NameTable({})


class Adapter(NamedTuple):
    """An adapter as it was read, with its faults.

    Attributes:
        files: the sizes of the files, by name.
        document: the config as JSON with positions.
        reading: the config as PEFT reads it; None if it cannot be read as a LoRA config.
        weights: the weight file that PEFT loads; None if there is none.
        header: the header of the weight file; None if the tensors are unknown.
        faults: what is wrong with the files.
        values: the tensor values; None unless requested, and only for sound safetensors files.
        links: the names of links to places outside the directory.
        tokenizer: the tokenizer; None if the directory does not have one that can be read.
        source: where the files are.
    """

    files: Mapping[str, int]
    document: Document | None = None
    reading: ConfigReading | None = None
    weights: str | None = None
    header: Header | None = None
    faults: tuple[Fault, ...] = ()
    values: AdapterValues | None = None
    links: tuple[str, ...] = ()
    tokenizer: Tokenizer | None = None
    source: Files | None = None

    @property
    def config(self) -> ConfigValues | None:
        """The config with the values that PEFT uses."""
        return self.reading.config if self.reading else None

    @property
    def is_planned(self) -> bool:
        """Whether it has not been trained yet, so that it only has a config."""
        return isinstance(self.source, LoneConfig) and self.source.is_planned

    @property
    def method(self) -> str | None:
        """The PEFT method of config and tensors, such as `LORA`; None if it is unknown."""
        if self.reading:
            return LORA
        given = self._given("peft_type")
        named = given if isinstance(given, str) and given in PEFT_TYPES else None
        parts = {taken.part for taken in self.names.values() if taken.prefix}
        return LORA if {Part.A, Part.B} <= parts and named not in _MAY_HOLD_LORA else named

    @property
    def other_method(self) -> str | None:
        """The method, if it is known and not LoRA."""
        return None if self.method == LORA else self.method

    @property
    def named_base(self) -> str | None:
        """The base that the config names, with its revision if there is one."""
        name, revision = self._given("base_model_name_or_path"), self._given("revision")
        if not isinstance(name, str):
            return None
        return f"{name}@{revision}" if revision and isinstance(revision, str) else name

    def _given(self, key: str) -> Any:
        value = self.document.value if self.document else None
        return value.get(key) if isinstance(value, dict) else None

    @property
    def is_empty(self) -> bool:
        """Whether the directory has neither a config nor weights with PEFT's names."""
        found = CONFIG_NAME in self.files or self.weights is not None
        return not found and all(fault.kind != NOT_A_FILE for fault in self.faults)

    def lacks(self, *names: str) -> bool:
        """Tell whether nothing has one of these names, neither a file nor anything else."""
        in_the_way = {f.location.file for f in self.faults if f.kind == NOT_A_FILE}
        return not any(name in self.files or name in in_the_way for name in names)

    @property
    def lacks_tokenizer(self) -> bool:
        """Whether there are tokenizer files, but none could be read."""
        return self.tokenizer is None and not TOKENIZER_FILES.isdisjoint(self.files)

    @property
    def tensors(self) -> Mapping[str, Tensor]:
        """All tensors of the weight file by name."""
        return self.header.tensors if self.header else {}

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shapes of all tensors by name."""
        return self.header.shapes if self.header else {}

    @property
    def forms(self) -> frozenset[Shape]:
        """The set of all shapes."""
        return self.header.forms if self.header else frozenset()

    @property
    def dtypes(self) -> Mapping[str, str]:
        """The dtypes of all tensors by name."""
        return self.header.dtypes if self.header else {}

    @property
    def dtypes_used(self) -> frozenset[str]:
        """The set of all dtypes."""
        return self.header.dtypes_used if self.header else frozenset()

    @property
    def table(self) -> NameTable:
        """The table of all tensor names."""
        return self.header.table if self.header else _NO_NAMES

    @property
    def names(self) -> Mapping[str, TensorName]:
        """The parsed tensor names."""
        return self.table.names

    @property
    def module_paths(self) -> frozenset[str]:
        """The paths of base modules in the names of adapter tensors."""
        return self.table.module_paths

    @property
    def base_paths(self) -> frozenset[str]:
        """The paths of base modules in the names of all tensors, including saved modules."""
        return self.table.base_paths


def check_method(adapter: Adapter) -> None:
    """Check that an adapter is not known to use a method other than LoRA.

    Raises:
        LoracfgError: it uses a different method.
    """
    if method := adapter.other_method:
        message = f"the method of the adapter is `{method}`"
        raise LoracfgError(message, "pass a LoRA adapter; loracfg does not support other methods")


def check_config(adapter: Adapter) -> None:
    """Check that the config can be read, if there is one.

    Raises:
        LoracfgError: it cannot.
    """
    document = adapter.document
    if document is None or not isinstance(document.value, dict):
        for fault in adapter.faults:
            if fault.location.file == CONFIG_NAME:
                message = f"cannot read `{CONFIG_NAME}`: {fault.message}"
                raise LoracfgError(message, fault.help)


class ConfigFile(NamedTuple):
    """A config file as a document and as a config, with its faults."""

    document: Document | None = None
    reading: ConfigReading | None = None
    faults: tuple[Fault, ...] = ()


_MAX_KEPT_BYTES: Final = 65_536
"""The maximum bytes of a config to cache; PEFT writes a few thousand."""


class FileCaches(NamedTuple):
    """Caches of files by their bytes; the same bytes give the same object."""

    configs: Cache[ConfigFile]
    headers: Cache[Header]


def read_adapter(
    files: Files, *, with_values: bool = False, kept: FileCaches | None = None
) -> Adapter:
    """Read the adapter in a directory, and with `with_values` also its tensor values.

    Raises:
        LoracfgError: values are requested and numpy is not installed.
        OSError: values are requested and cannot be read although the header could.
    """
    sizes = files.sizes()
    config = _read_json(files, sizes, kept) if CONFIG_NAME in sizes else ConfigFile()
    weights, in_the_way = _weights_among(files, sizes)
    header, values, faults = None, None, [*config.faults, *in_the_way]
    if weights is not None:
        header, found = _read_header(files, weights, sizes[weights], kept)
        faults += found
        if with_values and header and not found and weights == SAFETENSORS_NAME:
            from loracfg.adapter.tensor_values import AdapterValues

            values = AdapterValues(partial(files.open, weights), header)
    tokenizer = None
    if not TOKENIZER_FILES.isdisjoint(sizes):
        from loracfg.adapter.tokenizer import read_tokenizer

        tokenizer = read_tokenizer(files)
    return Adapter(
        sizes,
        config.document,
        config.reading,
        weights,
        header,
        tuple(faults),
        values,
        files.links_out(),
        tokenizer,
        files,
    )


def planned_adapter(document: Document | None, faults: Iterable[Fault] = ()) -> Adapter:
    """Return an adapter that has not been trained yet.

    Args:
        document: the config; None if it cannot be read. One that was translated and has no values
            is that of a training without an adapter.
        faults: what is wrong with the file that it is from.
    """
    text = document.text.encode("utf-8", errors="replace") if document else b""
    translation = document.translation if document else None
    config = ConfigFile(document)
    if document and (translation is None or document.value):
        config = _config_in(document)
    if document and translation is not None:
        text = json.dumps(document.value).encode()
        if config.reading:
            config = config._replace(reading=config.reading.without(translation.unknown))
    return Adapter(
        {CONFIG_NAME: len(text)},
        document,
        config.reading,
        faults=(*faults, *config.faults),
        source=LoneConfig(text, is_planned=True),
    )


def _weights_among(files: Files, sizes: Mapping[str, int]) -> tuple[str | None, list[Fault]]:
    """Return the weight file that PEFT loads, and faults for names that are not files."""
    taken = {}
    weights = None
    for name in (SAFETENSORS_NAME, PICKLE_NAME):
        if name in sizes:
            weights = name
            break
        if kind := files.kind_of(name):
            taken[name] = kind
            if kind != DEAD_LINK:  # PEFT treats it as the file
                break
    if weights is not None:
        taken = {}
    if CONFIG_NAME not in sizes and (kind := files.kind_of(CONFIG_NAME)):
        taken[CONFIG_NAME] = kind
    return weights, [_not_a_file(name, kind) for name, kind in taken.items()]


def _not_a_file(name: str, kind: str) -> Fault:
    advice = f"replace {kind.replace('a ', 'the ', 1)} with the file itself"
    return Fault(NOT_A_FILE, f"`{name}` is {kind}, not a file", Location(name), advice)


def _read_json(files: Files, sizes: Mapping[str, int], kept: FileCaches | None) -> ConfigFile:
    try:
        with files.open(CONFIG_NAME) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return ConfigFile(faults=(_unreadable(CONFIG_NAME, error),))
    if kept is None or len(data) > _MAX_KEPT_BYTES:
        return _read_config(data, sizes[CONFIG_NAME])
    return kept.configs.get(data, lambda: _read_config(data))


def _read_config(data: bytes, size: int = 0) -> ConfigFile:
    document, faults = read_document(data, CONFIG_NAME, size)
    if document is None:
        return ConfigFile(faults=tuple(faults))
    config = _config_in(document)
    return config._replace(faults=(*faults, *config.faults))


def _config_in(document: Document) -> ConfigFile:
    """Return the config in a document, with the faults of its values."""
    foreign = describe_foreign(document)
    faults = [foreign] if foreign else []
    reading = None
    if foreign is None or foreign.kind in STILL_LORA:
        reading = reading_of(document)
        faults += [f for f in reading.faults if f.location.pointer != "/peft_type"]
    return ConfigFile(document, reading, tuple(faults))


def _read_header(
    files: Files, name: str, size: int, kept: FileCaches | None
) -> tuple[Header | None, list[Fault]]:
    try:
        with files.open(name) as stream:
            if name == SAFETENSORS_NAME:
                return read_safetensors(stream, size, name, kept.headers if kept else None)
            from loracfg.adapter.pickle.pickled_header import read_pickled

            return read_pickled(stream, size, name)
    except OSError as error:
        return None, [_unreadable(name, error)]


def _unreadable(name: str, error: OSError) -> Fault:
    return Fault(
        "unreadable-file",
        f"the file cannot be read: {error.strerror or error}",
        Location(name),
        "make the file readable",
    )
