"""The request for a base, the search for it, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.files import Files
from loracfg.base.architecture import Architecture, Source
from loracfg.base.class_builder import named_classes
from loracfg.base.finding.addressed import find_named_base
from loracfg.base.finding.base_folder import NOT_FOUND, BaseFiles
from loracfg.base.finding.hub import ID_FAULT
from loracfg.base.finding.pipeline import with_part
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.base.from_checkpoint.quantised import packing
from loracfg.document.display import printable
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault
from loracfg.report.report import Related

if TYPE_CHECKING:
    from loracfg.base.catalogue.work import Work
    from loracfg.cache import Cache
    from loracfg.report.report import Location


_MAX_NAME: Final = 200
"""The longest part of a base's name that a reason shows."""
_CAME_ALONG: Final = "the file came with the adapter: pass `--base`, or the file to `--config`"


class UploadedBase(NamedTuple):
    """A base that did not come from a folder, such as an upload to the service."""

    files: BaseFiles | None
    faults: tuple[Fault, ...] = ()


class BaseRequest(NamedTuple):
    """What the user and the adapter say about the base.

    Attributes:
        named: the base that the user named: a folder, a file or an id.
        fallback: `base_model_name_or_path` of the adapter, which is used if it is a local folder or
            file, or an id in the local cache.
        revision: the adapter's `revision`, which belongs to `fallback`.
        online: whether the config of an id may be fetched if it is not in the cache.
        given: a base that has already been read, instead of `named`.
        isolated: whether lookups in local folders and in the cache are forbidden.
        class_name: the class that the user named.
        task_type: the adapter's task.
        saved_class: `auto_mapping.base_model_class` of the adapter.
        paths: the paths of base modules in the adapter's tensor names.
        likely_paths: the same without what trainers add to names.
        place: where the file of a project has `named`.
        local: whether `fallback` may be a folder, since the adapter is in one.
        by_adapter: whether `named` comes from a file that came with the adapter.
    """

    named: str | None = None
    fallback: str | None = None
    class_name: str | None = None
    task_type: str | None = None
    saved_class: str | None = None
    paths: frozenset[str] = frozenset()
    likely_paths: frozenset[str] = frozenset()
    revision: str | None = None
    online: bool = False
    given: UploadedBase | None = None
    isolated: bool = False
    place: Location | None = None
    local: bool = True
    by_adapter: bool = False

    @property
    def is_users(self) -> bool:
        """Whether the user named the base: only then do facts and installed libraries count."""
        return self.given is not None or (self.named is not None and not self.by_adapter)


class Fit(NamedTuple):
    """How many of the adapter's modules a class has.

    `source` is where its tree comes from, as a checkpoint may name modules differently. `layout` is
    the major release of transformers with these module names, if it is not the newest.
    """

    class_name: str
    matched: int
    total: int
    source: Source = "transformers"
    layout: str | None = None

    @property
    def shown(self) -> str:
        """The class as text, with the release of transformers if it is not the newest."""
        return f"`{self.class_name}`" + (f" of transformers {self.layout}" if self.layout else "")

    @property
    def is_full(self) -> bool:
        """Whether the class has all of the adapter's modules."""
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
        files: the files in the base's folder, or those that were sent with it.
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
    """The state of a search: the trees tried, the faults found, and why other trees were not used.

    Args:
        request: the request.
        tree_cache: a cache of trees that other requests have built.
    """

    def __init__(self, request: BaseRequest, tree_cache: Cache[Architecture] | None = None) -> None:
        self.request = request
        self.tree_cache = tree_cache
        self.tried: list[tuple[Fit, Architecture]] = []
        self.faults: list[Fault] = []
        self.reasons: list[str] = []
        self.files: BaseFiles | None = None
        self.older_fits: list[Fit] = []
        self.default_class: Fit | None = None
        self.other_model: str | None = None

    @cached_property
    def work(self) -> Work:
        """The work of the catalogue for this request, with one budget for all classes."""
        from loracfg.base.catalogue.work import Work

        return Work(tree_cache=self.tree_cache)

    def lazy_work(self) -> Work:
        """Return `work`. Code that may not need it gets this method instead."""
        return self.work

    def add(self, architecture: Architecture) -> Fit:
        """Record a tree that was tried, and return how well it fits."""
        fit = fit_of(architecture, self.request.paths)
        self.tried.append((fit, architecture))
        return fit

    def result(self, architecture: Architecture | None, *, certain: bool = True) -> ResolvedBase:
        """Return the base with this tree and everything else that the search found."""
        files = self.files
        config = (files.config if files else None) or {}
        return ResolvedBase(
            architecture,
            (*(fit for fit, _ in self.tried), *self.older_fits),
            tuple(self._located(fault) for fault in self.faults),
            () if certain and architecture else self._why_uncertain(),
            certain and architecture is not None,
            files.name if files and architecture else None,
            _dtype_in(config),
            _needs_own_code(config),
            tuple(named_classes(config)),
            files.beside if files else None,
            self.default_class,
            _text(config.get("model_type")),
            tuple(config["auto_map"]) if isinstance(config.get("auto_map"), dict) else (),
            packing(config),
            self.other_model,
            config,
        )

    def _why_uncertain(self) -> tuple[str, ...]:
        """Return the reasons, and what would count if the user named the base."""
        files, request = self.files, self.request
        if files is None or request.is_users or request.isolated:
            return tuple(dict.fromkeys(self.reasons))
        unused = files.unused or _unused_library(files)
        named = printable(request.named or request.fallback or "", _MAX_NAME)
        note = f"only the adapter names `{named}`, so {unused} was not used: pass `--base {named}`"
        return tuple(dict.fromkeys((*self.reasons, *([note] if unused else ()))))

    def _located(self, fault: Fault) -> Fault:
        """Return a fault with its place on this machine, in an upload, or in a project's file."""
        if self.request.given:
            return _uploaded(fault)
        place = self.request.place
        if place is None:
            return fault
        if fault.kind == NOT_FOUND or fault.kind.startswith(ID_FAULT):
            return fault._replace(location=place)  # the message has the name
        return fault._replace(related=(*fault.related, Related(place, "the base is named here")))


def _unused_library(files: BaseFiles) -> str:
    """Return the library that may know a base, but is not used unless the user names the base."""
    if files.config is None:
        return ""
    from loracfg.base.from_library.followed import installed

    found = installed()
    return f"the installed {found.library}" if found else ""


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _uploaded(fault: Fault) -> Fault:
    """Mark a fault of an uploaded base: its location is not a path on this machine."""
    return fault._replace(location=fault.location._replace(elsewhere=True))


def _needs_own_code(config: dict[str, Any]) -> bool:
    """Return whether a model can only be built with code from its repository."""
    if not config.get("auto_map"):
        return False
    from loracfg.base.catalogue import lookup

    return not lookup.knows(config)


def _dtype_in(config: dict[str, Any]) -> str | None:
    """Return the dtype in a config, such as `float16`. Transformers 5 names the key `dtype`."""
    named = config.get("dtype", config.get("torch_dtype"))
    return named.removeprefix("torch.") if isinstance(named, str) else None


def files_of(search: Search) -> BaseFiles | None:
    """Return the files that the request names; faults and reasons are added to the search."""
    request = search.request
    if request.given or request.named is not None:
        files, search.faults = _named(search)
        search.reasons += [fault.message for fault in search.faults]
        return files
    fallback = request.fallback
    if not fallback:
        search.reasons.append("no base was given")
        return None
    from loracfg.base.finding.adapter_named import find_base_of_adapter

    found = find_base_of_adapter(
        fallback,
        request.revision,
        online=request.online,
        folders=request.local,
        isolated=request.isolated,
    )
    files, faults = with_part(*found, request.paths, search.lazy_work)
    search.reasons += [_reason(fault, fallback) for fault in faults]
    return files


def _named(search: Search) -> tuple[BaseFiles | None, list[Fault]]:
    request = search.request
    if request.given:
        return request.given.files, list(request.given.faults)
    assert request.named is not None
    if request.by_adapter:
        from loracfg.base.finding.adapter_named import find_base_of_adapter

        files, faults = find_base_of_adapter(request.named, online=request.online)
        found = files, [fault._replace(help=fault.help or _CAME_ALONG) for fault in faults]
    else:
        found = find_named_base(request.named, online=request.online)
    return with_part(*found, request.paths, search.lazy_work)


def _reason(fault: Fault, fallback: str) -> str:
    if fault.kind.startswith(ID_FAULT):
        return f"no base was given, and {fault.message}: {fault.help}"
    if fault.kind == NOT_FOUND:
        return f"no base was given, and {fault.message}"
    return f"`{printable(fallback, _MAX_NAME)}`: {fault.message}"


def fit_of(architecture: Architecture, paths: frozenset[str]) -> Fit:
    """Count the paths at which an architecture has a module with parameters.

    A single expert of transformers 4 counts if the tree has the stack that now contains it, because
    PEFT 0.19+ converts such adapters when it loads them.
    """
    others = paths - architecture.with_parameters
    matched = len(paths) - len(others) + sum(has_module(architecture, path) for path in others)
    name = architecture.class_name or architecture.model_type or "the checkpoint"
    return Fit(name, matched, len(paths), architecture.source)
