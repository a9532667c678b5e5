"""Transcribes a model repository's code as if it were one more model package of transformers.

Importing the code runs it with all rights of this process, so the user must have allowed it.
"""

from __future__ import annotations

import ast
import importlib
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from loracfg.named_tuple import NamedTuple

PACKAGE: Final = "code_of_the_repository"
"""The name of the package, next to those of transformers."""
HOME: Final = f"transformers.models.{PACKAGE}"


_DEFINING: Final = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.AnnAssign),
    *(ast.Import, ast.ImportFrom, ast.If, ast.Try, ast.Pass),
)
_HARMLESS: Final = frozenset(("register", "register_for_auto_class", "filterwarnings"))
"""Methods that may be called at import time, since they change no class."""


class RepositoryError(Exception):
    """A repository's code cannot be transcribed."""


class Repository(NamedTuple):
    """A repository with code that its config refers to.

    Attributes:
        folder: the folder with the code.
        model_type: the model type of the config.
        auto_map: the config's classes by auto class, as in `configuration_x.XConfig`.
    """

    folder: Path
    model_type: str
    auto_map: dict[str, str]

    @classmethod
    def of_text(cls, text: str) -> Repository:
        """Return the repository from its `text`."""
        folder, model_type, auto_map = json.loads(text)
        return cls(Path(folder), model_type, auto_map)

    def text(self) -> str:
        """Return the repository as a command-line argument."""
        return json.dumps([str(self.folder), self.model_type, self.auto_map])


class AddedType(NamedTuple):
    """The classes of a repository, added to transformers.

    Attributes:
        model_type: the model type.
        config_class: its config class.
        classes: its model classes by name, those of `auto_map` first.
    """

    model_type: str
    config_class: Any
    classes: dict[str, Any]


def is_own(module: str) -> bool:
    """Return whether a module belongs to a repository."""
    return module.startswith(f"{HOME}.")


def refuse_acts(module: str, statements: Iterable[ast.stmt], local: set[str]) -> None:
    """Reject import-time effects of a repository's module other than defining names.

    They may change classes, even of the library, which a transcript would not show.

    Args:
        module: the module.
        statements: the statements that run at import time.
        local: names of things in the repository, torch or the library.

    Raises:
        RepositoryError: if the module has an effect that may matter.
    """
    for one in statements:
        if not isinstance(one, _DEFINING) and not _is_harmless(one, local):
            text = ast.unparse(one).partition("\n")[0][:60]
            raise RepositoryError(
                f"`{module.rpartition('.')[2]}` does `{text}` when it is imported"
            )


def _is_harmless(statement: ast.stmt, local: set[str]) -> bool:
    match statement:
        case ast.Assign(targets=targets):
            parts = [part for one in targets for part in ast.walk(one)]
            return not any(isinstance(one, (ast.Attribute, ast.Subscript)) for one in parts)
        case ast.AugAssign(target=ast.Name("__all__")):
            return True
        case ast.Expr(value=ast.Call(func=function)):
            if isinstance(function, ast.Attribute) and function.attr in _HARMLESS:
                return True
            names = {one.id for one in ast.walk(function) if isinstance(one, ast.Name)}
            return not names & local
        case ast.Expr(value=value):
            return isinstance(value, ast.Constant)
    return False


def add(repository: Repository, folder: Path) -> AddedType:
    """Add the classes of a repository to transformers.

    Args:
        repository: the repository.
        folder: an empty folder for a copy of the code.

    Raises:
        RepositoryError: if the repository has no usable classes.
    """
    import transformers

    shutil.copytree(repository.folder, folder / PACKAGE, ignore=_all_but_code)
    (folder / PACKAGE / "__init__.py").touch()
    transformers.models.__path__.append(str(folder))
    importlib.invalidate_caches()
    named = {auto: _load(where) for auto, where in repository.auto_map.items()}
    config_class = named.pop("AutoConfig", None)
    if config_class is None:
        config_class = transformers.CONFIG_MAPPING[repository.model_type]
    classes = _model_classes(named, config_class)
    for cls in (config_class, *classes.values()):
        _refuse_same_names(cls)
    _register(repository.model_type, config_class, named)
    return AddedType(repository.model_type, config_class, classes)


def _all_but_code(folder: str, names: list[str]) -> list[str]:
    """Return the files and folders without code."""
    paths = [Path(folder, name) for name in names]
    return [
        path.name
        for path in paths
        if path.name.startswith(".") or not (path.is_dir() or path.suffix == ".py")
    ]


def _load(reference: str) -> Any:
    module, _, name = reference.rpartition(".")
    if "--" in module:
        raise RepositoryError(f"`{name}` is code of another repository")
    try:
        return getattr(importlib.import_module(f"{HOME}.{module}"), name)
    except (ImportError, AttributeError) as error:
        raise RepositoryError(f"`{reference}` cannot be imported: {error}") from error


def _model_classes(named: dict[str, Any], config_class: Any) -> dict[str, Any]:
    """Return the model classes for a config class: those in `auto_map` first, then others."""
    from transformers import PreTrainedModel

    own = [module for name, module in sorted(sys.modules.items()) if is_own(name)]
    others = [one for module in own for one in vars(module).values() if _is_of(one, module)]
    found: dict[str, Any] = {}
    for cls in (*named.values(), *others):
        if not isinstance(cls, type) or not issubclass(cls, PreTrainedModel):
            continue
        if cls.config_class is config_class and "PreTrained" not in cls.__name__:
            found.setdefault(cls.__name__, cls)
    return found


def _is_of(value: Any, module: Any) -> bool:
    return isinstance(value, type) and value.__module__ == module.__name__


def _refuse_same_names(cls: Any) -> None:
    """Reject classes with the same name as one of their bases, since facts are found by name."""
    names = [one.__name__ for one in cls.__mro__]
    if names.count(cls.__name__) > 1:
        raise RepositoryError(f"`{cls.__name__}` derives from a class of the same name")


def _register(model_type: str, config_class: Any, named: dict[str, Any]) -> None:
    """Make the library's tables list exactly these classes for the model type."""
    from transformers.models.auto import configuration_auto, modeling_auto

    tables = vars(configuration_auto)
    tables["CONFIG_MAPPING_NAMES"][model_type] = config_class.__name__
    tables["SPECIAL_MODEL_TYPE_TO_MODULE_NAME"][model_type] = PACKAGE
    tables["CONFIG_MAPPING"].register(model_type, config_class, exist_ok=True)
    values = vars(modeling_auto)
    for name, table in values.items():
        if name.startswith("MODEL") and name.endswith("_NAMES"):
            table.pop(model_type, None)
    for auto, cls in named.items():
        mapping = getattr(values.get(auto), "_model_mapping", None)
        if mapping is not None:
            mapping._model_mapping[model_type] = cls.__name__
