"""What is asked of a base, what was tried for it, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from loracfg.adapter.files import Files, Folder
from loracfg.base.architecture import Architecture, Source
from loracfg.base.class_builder import named_classes
from loracfg.base.finding.base_folder import BaseFiles
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.base.from_checkpoint.quantised import packing
from loracfg.report.fault import Fault

if TYPE_CHECKING:
    from loracfg.base.catalogue.work import Work
    from loracfg.cache import Cache


class UploadedBase(NamedTuple):
    """A base that was read from elsewhere than a folder: an upload, a request."""

    files: BaseFiles | None
    faults: tuple[Fault, ...] = ()


class BaseRequest(NamedTuple):
    """What is known of the base.

    Attributes:
        named: the base that the user named: a folder, a file, an id.
        fallback: `base_model_name_or_path` of the adapter; used if it is a folder or file here, or
            an id in the local cache.
        revision: the adapter's, which is that of `fallback`.
        online: whether the config of an id that the cache lacks may be fetched.
        given: a base that was read already, instead of `named`.
        isolated: whether nothing is looked up, here or in the cache.
        class_name: the class that the user named.
        task_type: the adapter's.
        saved_class: `auto_mapping.base_model_class` of the adapter.
        paths: the base's modules that the adapter's tensors name.
    """

    named: str | None = None
    fallback: str | None = None
    class_name: str | None = None
    task_type: str | None = None
    saved_class: str | None = None
    paths: frozenset[str] = frozenset()
    revision: str | None = None
    online: bool = False
    given: UploadedBase | None = None
    isolated: bool = False


class Fit(NamedTuple):
    """How many of the modules that the adapter names a class has.

    `source` is where its tree came from: the checkpoint has its own names for some classes.
    `layout` is the major release of transformers that names modules so, where it is an older one.
    """

    class_name: str
    matched: int
    total: int
    source: Source = "transformers"
    layout: str | None = None

    @property
    def shown(self) -> str:
        """The class, with the release of transformers if it is not the newest."""
        return f"`{self.class_name}`" + (f" of transformers {self.layout}" if self.layout else "")

    @property
    def is_full(self) -> bool:
        """Whether every module is there."""
        return self.matched == self.total


class ResolvedBase(NamedTuple):
    """The base model of an adapter, with its module tree if that could be found.

    Attributes:
        architecture: the module tree.
        alternatives: all classes that were tried, the most trusted first, including the chosen one.
        faults: what is wrong with the base's files.
        not_checked: why there is no tree, or why it is not `certain`; one clause for each reason.
        certain: whether a module that is missing from the tree is missing from the base. The
            modules that an uncertain tree has are right, but it may miss some.
        name: where the tree comes from, as in `BaseFiles`.
        dtype: the dtype that the config gives for the weights.
        own_code: whether the model type is only defined by code in the base's repository.
        saved_as: the classes that the checkpoint was saved from.
        files: the files in the base's folder.
        default_class: the class that the config selects, if a different one was chosen because
            only that one has every module.
        model_type: the model type of the whole config, even if the tree is only a part of it.
        auto_map: the auto classes that the repository has its own code for.
        packed: the quantisation method that packs the weights, such as `mxfp4`.
        other_model: the class that the adapter was saved from, if it belongs to a different model.
        config: the base's config.
    """

    architecture: Architecture | None
    alternatives: tuple[Fit, ...] = ()
    faults: tuple[Fault, ...] = ()
    not_checked: tuple[str, ...] = ()
    certain: bool = True
    name: str | None = None
    dtype: str | None = None
    own_code: bool = False
    saved_as: tuple[str, ...] = ()
    files: Files | None = None
    default_class: Fit | None = None
    model_type: str | None = None
    auto_map: tuple[str, ...] = ()
    packed: str | None = None
    other_model: str | None = None
    config: Mapping[str, Any] = MappingProxyType({})

    @property
    def cache_key(self) -> tuple[object, ...]:
        """Everything except the tree, the files and the config."""
        found = self.alternatives, self.faults, self.not_checked, self.certain, self.name
        of_config = self.dtype, self.own_code, self.saved_as, self.model_type, self.auto_map
        return (*found, *of_config, self.packed, self.default_class, self.other_model)


class Search:
    """Trees that were tried, the faults met and the reasons why others were not."""

    def __init__(self, request: BaseRequest, kept: Cache[Architecture] | None = None) -> None:
        """Begin with nothing but the request, and trees that other requests have built."""
        self.request = request
        self.kept = kept
        self.tried: list[tuple[Fit, Architecture]] = []
        self.faults: list[Fault] = []
        self.reasons: list[str] = []
        self.files: BaseFiles | None = None
        self.elsewhere: list[Fit] = []
        self.default_class: Fit | None = None
        self.other_model: str | None = None

    @cached_property
    def work(self) -> Work:
        """What the catalogue makes for the request, in one budget for all classes."""
        from loracfg.base.catalogue.work import Work

        return Work(kept=self.kept)

    def lazy_work(self) -> Work:
        """Return the same, for who may not need it."""
        return self.work

    def add(self, architecture: Architecture) -> Fit:
        """Note a tree that was tried, and return how it fits."""
        fit = fit_of(architecture, self.request.paths)
        self.tried.append((fit, architecture))
        return fit

    def settled(self, architecture: Architecture | None, *, certain: bool = True) -> ResolvedBase:
        """Return what was found, with all that was tried for it."""
        files = self.files
        config = (files.config if files else None) or {}
        return ResolvedBase(
            architecture,
            (*(fit for fit, _ in self.tried), *self.elsewhere),
            tuple(map(_as_sent, self.faults)) if self.request.given else tuple(self.faults),
            () if certain and architecture else tuple(dict.fromkeys(self.reasons)),
            certain and architecture is not None,
            files.name if files and architecture else None,
            _dtype_in(config),
            _needs_own_code(config),
            tuple(named_classes(config)),
            Folder(files.folder) if files and files.folder else None,
            self.default_class,
            _text(config.get("model_type")),
            tuple(config["auto_map"]) if isinstance(config.get("auto_map"), dict) else (),
            packing(config),
            self.other_model,
            config,
        )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _as_sent(fault: Fault) -> Fault:
    """Return a fault of a base that was read already: its place is no path of this machine."""
    return fault._replace(location=fault.location._replace(elsewhere=True))


def _needs_own_code(config: dict[str, Any]) -> bool:
    """Tell whether only code of its repository can build a model."""
    if not config.get("auto_map"):
        return False
    from loracfg.base.catalogue import lookup

    return not lookup.knows(config)


def _dtype_in(config: dict[str, Any]) -> str | None:
    """Return the dtype that a config gives, as `float16`; transformers 5 calls the key `dtype`."""
    named = config.get("dtype", config.get("torch_dtype"))
    return named.removeprefix("torch.") if isinstance(named, str) else None


def fit_of(architecture: Architecture, paths: frozenset[str]) -> Fit:
    """Count the paths that an architecture has a module with parameters for.

    A single expert of transformers 4 counts if the stack that holds it now is there: PEFT converts
    such adapters when it loads them (0.19.0 and newer).
    """
    modules = architecture.modules
    rest = [path for path in paths if path not in modules or not modules[path].parameters]
    matched = len(paths) - len(rest) + sum(has_module(architecture, path) for path in rest)
    name = architecture.class_name or architecture.model_type or "the checkpoint"
    return Fit(name, matched, len(paths), architecture.source)
