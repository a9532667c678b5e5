"""Writes a layout of transformers: all model types, with the classes that take their configs."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loracfg.base.derivation.source.names import Definition
from loracfg.base.derivation.source.package import Index
from loracfg.base.derivation.source.reach import Reach
from loracfg.base.derivation.source.repository import AddedType
from loracfg.base.derivation.source.write import dump, file_of, head, special, write
from loracfg.base.from_library import built as builder
from loracfg.base.from_library.sandbox import quiet


def model_types() -> dict[str, str]:
    """Return the config class of each model type."""
    from transformers.models.auto import configuration_auto

    found: dict[str, str] = vars(configuration_auto)["CONFIG_MAPPING_NAMES"]
    return found


def transcribe(out: Path, names: list[str], added: AddedType | None = None) -> None:
    """Write the layout, of the named model types only if there are names.

    Args:
        out: the folder.
        names: model types.
        added: the classes of a repository, whose model type is one of the names.
    """
    import transformers

    library = f"transformers {transformers.__version__}"
    mapping = model_types()
    reach = Reach()
    configs: dict[str, str] = {}
    classes: dict[str, list[str]] = {}
    takes: dict[str, str] = {}
    automatic: dict[str, list[str]] = {}
    with quiet():
        for model_type in mapping:
            if names and model_type not in names:
                continue
            found = _classes_beside(added, model_type) if added else _classes_of(model_type)
            if found is None:
                continue
            configs[model_type], classes[model_type] = mapping[model_type], [*found]
            automatic[model_type] = _automatic(model_type, found)
            config_class = transformers.CONFIG_MAPPING[model_type]
            reach.add(Definition(config_class.__module__, config_class.__name__))
            for name, value in found.items():
                takes[name] = value.config_class.__name__
                reach.add(Definition(value.__module__, name))
        if names:  # all configs are checked against it, even if these types do not use it
            reach.add(Definition("transformers.activations", "ACT2FN"))
        reach.run()
        where = write(reach, out, library)
        generating = sorted(_generating(reach))
    named = sorted(d.name for d in reach.reached if special(d))
    auto = {name: mapping_name for name in named if (mapping_name := _mapping_of(name))}
    needed = {name for group in classes.values() for name in group}
    needed |= {*takes.values(), *configs.values()}
    where |= {cls.__name__: file_of(cls.__module__) for cls in _classes_in(added)}
    index = Index(
        library=library,
        configs=configs,
        classes=classes,
        files={name: file for name, file in where.items() if name in needed},
        takes=takes,
        mappings=_mappings([*auto.values(), *builder.TASK_MAPPINGS.values(), *named]),
        tasks=builder.TASK_MAPPINGS,
        generation=_generation_keys(),
        automatic=automatic,
        generating=generating,
    )
    dump(out / "index.json", asdict(index))
    (out / "auto.py").write_text(head(library, "auto") + _auto_text(named, auto), "utf-8")


def _classes_beside(added: AddedType, model_type: str) -> dict[str, Any] | None:
    """Return a repository's classes for a config type, including those that it may create."""
    if model_type == added.model_type:
        return added.classes
    found = _classes_of(model_type) or {}
    heads = {n for n, value in found.items() if value.config_class.model_type != model_type}
    return {name: value for name, value in found.items() if name not in heads} or None


def _classes_in(added: AddedType | None) -> list[Any]:
    return [added.config_class, *added.classes.values()] if added else []


def _classes_of(model_type: str) -> dict[str, Any] | None:
    """Return the exported model classes for a type's config, by name.

    Those of the auto-mappings come first. Returns None if the type's modules cannot be imported.
    """
    import transformers

    try:
        config_class = transformers.CONFIG_MAPPING[model_type]
        package = importlib.import_module(config_class.__module__.rpartition(".")[0])
        modules = [
            importlib.import_module(f"{package.__name__}.{path.stem}")
            for path in sorted(Path(package.__path__[0]).glob("modeling_*.py"))
            if not path.stem.startswith(("modeling_tf_", "modeling_flax_"))
        ]
    except (ImportError, AttributeError, ValueError):
        return None
    found = {}
    for name in builder.mapped_classes({"model_type": model_type}):
        value = getattr(transformers, name, None)
        if isinstance(value, type) and issubclass(value, transformers.PreTrainedModel):
            found[name] = value
    for module in modules:
        found |= {n: v for n, v in _exported(module, config_class).items() if n not in found}
    return {name: value for name, value in found.items() if value.config_class is not None}


def _automatic(model_type: str, classes: dict[str, Any]) -> list[str]:
    """Return the classes of a type that an auto class picks."""
    return [n for n in builder.other_classes({"model_type": model_type}) if n in classes]


def _exported(module: Any, config_class: Any) -> dict[str, Any]:
    """Return the model classes of a module that take a config class."""
    import transformers

    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, transformers.PreTrainedModel)
        and value.config_class is config_class
        and value.__module__ == module.__name__
        and name in getattr(module, "__all__", ())
        and "PreTrained" not in name
    }


def _mappings(names: list[str]) -> dict[str, dict[str, Any]]:
    """Return the auto-mappings: the class of each model type, or a list of several."""
    from transformers.models.auto import modeling_auto

    found = {name: vars(modeling_auto)[name] for name in dict.fromkeys(names)}
    return {
        name: {key: one if isinstance(one, str) else list(one) for key, one in value.items()}
        for name, value in found.items()
        if name.endswith("_NAMES")
    }


def _generating(reach: Reach) -> Iterator[str]:
    """Yield the classes that take generation settings from their config, with their modules."""
    import transformers

    for module, name in ((one.module, one.name) for one in reach.reached):
        value: Any = getattr(importlib.import_module(module), name, None)
        is_model = isinstance(value, type) and issubclass(value, transformers.PreTrainedModel)
        if is_model and value.can_generate() is True and not _has_own_settings(value):
            yield f"{file_of(module)}.{name}"


def _has_own_settings(model_class: type) -> bool:
    """Return whether a class has its own kind of settings, which it does not take from a config."""
    import transformers

    held = [vars(one).get("generation_config_class") for one in model_class.__mro__]
    return next(filter(None, held), None) not in (None, transformers.GenerationConfig)


def _mapping_of(auto: str) -> str | None:
    """Return the name of the mapping that an auto class picks from."""
    from transformers.models.auto import modeling_auto

    values = vars(modeling_auto)
    value = values[auto]
    mapping = getattr(value, "_model_mapping", None) if isinstance(value, type) else value
    names = getattr(mapping, "_model_mapping", None)
    return next((n for n, v in values.items() if n.endswith("_NAMES") and v is names), None)


def _generation_keys() -> list[str]:
    """Return the config keys that transformers 5 only uses for generation."""
    from transformers import GenerationConfig

    defaults = getattr(GenerationConfig, "_get_default_generation_params", dict)
    return sorted(defaults())


def _auto_text(named: list[str], auto: dict[str, str]) -> str:
    """Return the source of the module with the auto classes."""
    lines = [
        "from loracfg.base.derivation.source.package import read_index",
        "from loracfg.base.derivation.stand_ins import auto",
        "",
        "CONFIG_MAPPING = auto.ConfigMapping(__package__)",
        "AutoConfig = auto.auto_config(__package__)",
        "GenerationConfig = auto.generation_config(__package__)",
    ]
    for name in named:
        if name.endswith("_NAMES"):
            lines.append(f"{name} = read_index(__package__).mappings[{name!r}]")
        elif name in auto:
            how = "auto_class" if name.startswith("Auto") else "ModelMapping"
            lines.append(f"{name} = auto.{how}(__package__, {auto[name]!r})")
    return "\n".join(lines) + "\n"
