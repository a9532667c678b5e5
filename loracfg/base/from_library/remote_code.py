"""Builds model classes from the custom code of a repository, if the user trusts it.

Like `built.py`, this only imports torch and transformers when it builds. A class of transformers
needs no torch if the catalogue has it or the installed library can be followed.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.class_builder import CannotBuildError, refuse_huge
from loracfg.base.finding.base_folder import BaseFiles, exists
from loracfg.base.from_library import built as library
from loracfg.base.from_library import followed as from_library
from loracfg.base.from_library import own_facts
from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.sandbox import offline, quiet

if TYPE_CHECKING:
    from collections.abc import Mapping


_CONFIG_CLASS: Final = "AutoConfig"
_FIRST: Final = ("AutoModelForCausalLM", "AutoModel")
_INSTALL: Final = "install `loracfg[torch,transformers]`"
_TRUST: Final = "read that code, then use `--trust-remote-code` to run it"
_NAME_ONE: Final = "choose one with `--class`"


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """Where the code of a model is.

    Attributes:
        name: a folder, or an id on the Hub.
        folder: the local folder with its files.
        revision: the commit, if `name` is an id.
        online: whether code may be fetched.
    """

    name: str
    folder: Path
    revision: str | None = None
    online: bool = False


def repository_of(named: str, files: BaseFiles, *, online: bool) -> CodeLocation:
    """Return the location of the code of a base that was found by this name."""
    if files.folder and not exists(named):
        repo, _, commit = files.name.partition("@")
        return CodeLocation(repo, files.folder, commit, online)
    folder = (files.folder or Path(named).parent).absolute()
    return CodeLocation(str(folder), folder, online=online)


def own_classes(config: Mapping[str, object]) -> dict[str, str]:
    """Return the model classes in `auto_map`, such as `modeling_x.XModel`, by class name."""
    found = _auto_map(config)
    keys = [*(key for key in _FIRST if key in found), *found]
    named = [found[key] for key in keys if key.startswith("AutoModel")]
    return {name.rpartition(".")[2]: name for name in named}


def code_of(config: Mapping[str, object], repository: CodeLocation | None) -> Path:
    """Return the folder of the code that a config names.

    Raises:
        CannotBuildError: if it names none, the user does not trust it, or it is not local.
    """
    own = own_classes(config)
    if not own:
        raise CannotBuildError(
            "the model has no custom code, so it needs no facts file",
            "write an architecture file, with a name that ends in `.json`",
        )
    if repository is None:
        raise CannotBuildError("deriving facts imports the model's code", _TRUST)
    named = [name for name in own_facts.auto_map(config).values() if "--" not in name]
    modules = list(dict.fromkeys(name.rpartition(".")[0] for name in named))
    if repository.online and repository.revision:
        from loracfg.base.finding.download import fetch_code
        from loracfg.sources.hub.cache import cache_folder

        fetch_code(repository.name, repository.revision, modules, cache_folder())
    for module in modules:
        if not (repository.folder / f"{module}.py").is_file():
            raise _missing(f"{module}.py", repository.name)
    return repository.folder


def _missing(file: str, repository: str) -> CannotBuildError:
    message = f"`{file}` of `{repository}` is not in the local cache"
    return CannotBuildError(message, "use `--online` to fetch it")


def libraries(tree: Architecture) -> dict[str, str]:
    """Return the versions of the libraries that a tree was built with."""
    if tree.library:
        name, _, version = tree.library.partition(" ")
        return {name: version}
    import torch
    import transformers

    return {"torch": str(torch.__version__), "transformers": transformers.__version__}


def build(
    config: Mapping[str, object],
    class_name: str | None = None,
    repository: CodeLocation | None = None,
) -> Architecture:
    """Return the module tree of a class.

    Args:
        config: the value of `config.json`.
        class_name: the class; by default the one in the config.
        repository: where the code of the model is, if it may be run.

    Raises:
        CannotBuildError: if the class cannot be built, or a library for that is not installed.
    """
    own = own_classes(config)
    why = library.unavailable()
    if why:
        if not own:
            return _follow(config, class_name)
        if from_library.installed() is None:
            raise CannotBuildError(why, _INSTALL)
        if repository is None:
            raise CannotBuildError("the model has custom code", _TRUST)
        text = own_facts.derive(config, code_of(config, repository))
        return own_facts.build(text, config, class_name)
    if repository and own and not (class_name and class_name not in own and _is_known(class_name)):
        return _build_own(config, class_name or _default_class(config, own), own, repository)
    named = class_name or next(iter(library.trusted_classes(config)), None)
    if named is None and not own:
        raise CannotBuildError("the config names no class in `architectures`", _NAME_ONE)
    named = named or _default_class(config, own)
    try:
        return library.build(config, named)
    except CannotBuildError as error:
        if own:
            raise CannotBuildError(error.message, _TRUST) from error
        raise


def _follow(config: Mapping[str, object], class_name: str | None) -> Architecture:
    """Return the tree of a class of transformers without torch."""
    from loracfg.base.catalogue import lookup
    from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS
    from loracfg.base.catalogue.work import Work
    from loracfg.base.libraries import ClassSources

    sources = ClassSources(Work())
    named = class_name or next(iter(sources.trusted_classes(config)), None)
    if named is None:
        raise CannotBuildError("the config names no class in `architectures`", _NAME_ONE)
    tree = sources.build(config, named)
    if tree.source == "catalogue":
        layout = LAYOUTS[0] if tree.is_transformers else DIFFUSERS
        return replace(tree, source="transformers", library=lookup.library(layout))
    return tree


def _is_known(class_name: str) -> bool:
    import transformers

    return hasattr(transformers, class_name)


def _default_class(config: Mapping[str, object], own: dict[str, str]) -> str:
    named = library.trusted_classes(config)
    return next((name for name in named if name in own), next(iter(own)))


def _build_own(
    config: Mapping[str, object], class_name: str, own: dict[str, str], repository: CodeLocation
) -> Architecture:
    """Run the code of a repository and build one of its classes."""
    refuse_huge(config)
    with library.LOCK, quiet():
        try:
            with contextlib.nullcontext() if repository.online else offline():
                model_class = _model_class(class_name, own, repository)
                settings = _settings(config, model_class, repository)
            with offline():
                return architecture_of(library.on_meta(model_class, settings))
        except CannotBuildError:
            raise
        except Exception as error:  # custom code can raise anything
            message = f"`{class_name}` cannot be built: {library.brief(error)}"
            raise CannotBuildError(message) from error


def _model_class(class_name: str, own: dict[str, str], repository: CodeLocation) -> Any:
    """Return a class that is in `auto_map`, or another one in the same modules."""
    from transformers import PreTrainedModel

    if class_name in own:
        found = _load(own[class_name], repository)
    else:
        modules = dict.fromkeys(name.rpartition(".")[0] for name in own.values())
        found = next(filter(None, (_find(f"{m}.{class_name}", repository) for m in modules)), None)
    if isinstance(found, type) and issubclass(found, PreTrainedModel):
        return found
    raise CannotBuildError(f"the repository's code has no model class `{class_name}`", _NAME_ONE)


def _find(reference: str, repository: CodeLocation) -> Any:
    try:
        return _load(reference, repository)
    except AttributeError:
        return None


def _load(reference: str, repository: CodeLocation) -> Any:
    """Import a class through transformers, which caches a copy of the code."""
    from transformers.dynamic_module_utils import get_class_from_dynamic_module

    from loracfg.sources.hub.cache import cache_folder

    try:
        return get_class_from_dynamic_module(
            reference, repository.name, revision=repository.revision, cache_dir=cache_folder()
        )
    except OSError as error:
        elsewhere, _, own = reference.rpartition("--")
        if repository.online or not (repository.revision or elsewhere):
            raise
        name = f"{own.rpartition('.')[0]}.py"
        raise _missing(name, elsewhere or repository.name) from error


def _settings(config: Mapping[str, object], model_class: Any, repository: CodeLocation) -> Any:
    reference = _auto_map(config).get(_CONFIG_CLASS)
    if reference is None:
        return library.settings_of(config, model_class)
    config_class = _load(reference, repository)
    return config_class.from_dict(library.as_read(config, config_class))


def _auto_map(config: Mapping[str, object]) -> dict[str, str]:
    found = config.get("auto_map")
    values = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in values if isinstance(value, str)}
