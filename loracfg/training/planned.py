"""From a config to its plan: the one way for the command line, the library and the service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Unpack

from loracfg.adapter.header.dtype_names import SAFETENSORS_DTYPES
from loracfg.engine.base_request import is_local
from loracfg.engine.case import Case
from loracfg.engine.engine import Engine
from loracfg.engine.fronts import engine_for
from loracfg.engine.saved_adapter import BASE_DTYPES
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.planning.saved_header import file_bytes
from loracfg.planning.trained_parameters import frozen_parameters, trained_base, trained_parameters
from loracfg.report.report import AdapterReport, NotChecked, Status
from loracfg.training.memory import memory_of
from loracfg.training.optimizers import DEFAULT, OPTIMIZERS
from loracfg.training.quantised_base import QUANTIZATIONS
from loracfg.training.sizes import others_of, sizes_of, targets_of
from loracfg.training.training_plan import TrainingPlan

if TYPE_CHECKING:
    from loracfg.adapter.files import Files
    from loracfg.base.architecture import Architecture
    from loracfg.base.search import UploadedBase
    from loracfg.config.model.lora_config import LoraConfig
    from loracfg.document.json_value import Json
    from loracfg.engine.options import OptionArguments, Options
    from loracfg.inspection.contents import EngineAnswer, Group, InspectedModule
    from loracfg.planning.plan import Plan
    from loracfg.planning.trained_parameters import TrainedParameter
    from loracfg.training.config_source import ConfigSource
    from loracfg.training.memory import TrainingMemory
    from loracfg.training.quantised_base import Quantization
    from loracfg.training.suggestions import Suggestion


class Training(NamedTuple):
    """How a config is trained, which the config does not say.

    Attributes:
        dtype: the dtype of the base, such as `bfloat16` (default: the one in its config).
        optimizer: a name in `OPTIMIZERS`.
        quantization: how bitsandbytes quantises the base.
    """

    dtype: str | None = None
    optimizer: str = DEFAULT
    quantization: Quantization = "none"

    @classmethod
    def checked(
        cls, dtype: str | None = None, optimizer: str = DEFAULT, quantization: str = "none"
    ) -> Training:
        """Return it if all values are known.

        Raises:
            LoracfgError: one is not.
        """
        _check("dtype", dtype, (None, *BASE_DTYPES))
        _check("optimizer", optimizer, OPTIMIZERS)
        found = next((one for one in QUANTIZATIONS if one == quantization), None)
        if found is None:
            raise _unknown("quantization", quantization, QUANTIZATIONS)
        return cls(dtype, optimizer, found)


def plan(
    config: LoraConfig | Mapping[str, object] | str | PathLike[str],
    options: Options | None = None,
    *,
    dtype: str | None = None,
    optimizer: str = DEFAULT,
    quantization: str = "none",
    suggest: bool = False,
    **arguments: Unpack[OptionArguments],
) -> TrainingPlan:
    """Return what training a config on a base will do.

    Args:
        config: the config, its fields, or a path: of an `adapter_config.json`, of a folder with
            one, or of a trainer's file.
        options: how to find the base, and for what to check the result.
        dtype: the dtype of the base, such as `bfloat16` (default: the one in its config).
        optimizer: for the memory: `adamw`, `adamw_8bit`, `adafactor`, `sgd` and others.
        quantization: for the memory: `none`, `8bit` or `4bit`.
        suggest: whether to say what could be targeted.
        arguments: fields of `Options`, which override those of `options`.

    Raises:
        LoracfgError: there is no config, or an argument is wrong.
    """
    from loracfg.training.source_reading import read_source, source_of_options

    training = Training.checked(dtype, optimizer, quantization)
    engine = engine_for(options, **arguments)
    files: Files | None = None
    if isinstance(config, str | PathLike):
        source, files = read_source(f"{config}", online=engine.options.online)
    elif isinstance(config, Mapping):
        source = source_of_options({key: _plain(value) for key, value in config.items()})
    else:
        source = source_of_options(config.to_dict())
    return plan_source(source, engine, training, files, suggest=suggest)


def plan_source(
    source: ConfigSource,
    engine: Engine,
    training: Training,
    files: Files | None = None,
    *,
    base: UploadedBase | None = None,
    suggest: bool = False,
) -> TrainingPlan:
    """Return the plan of a config.

    Args:
        source: the config.
        engine: the engine that opens it.
        training: how it is trained.
        files: the files beside the config, which may have a tokenizer.
        base: a base that was read already, to use instead of the one in the engine's options.
        suggest: whether to say what could be targeted.
    """
    return plan_with_case(source, engine, training, files, base=base, suggest=suggest)[0]


def plan_with_case(
    source: ConfigSource,
    engine: Engine,
    training: Training,
    files: Files | None = None,
    *,
    base: UploadedBase | None = None,
    suggest: bool = False,
) -> tuple[TrainingPlan, Case]:
    """Return the plan of a config like `plan_source`, and the config as a case."""
    local = files is None or is_local(files)
    case, source = _opened(source, engine, training, base, local=local)
    found = plan_case(case, source, training, files, suggest=suggest)
    unasked = () if source.is_peft else tuple(_unasked(source, engine.options))
    if unasked:
        found = found._replace(report=_with_gaps(found.report, unasked))
    return found, case


def _opened(
    source: ConfigSource,
    engine: Engine,
    training: Training,
    base: UploadedBase | None,
    *,
    local: bool,
) -> tuple[Case, ConfigSource]:
    """Open a config as a case; return it with the config on its base."""
    if not source.is_peft:
        engine = _without_loaders(engine)
    case = engine.open_planned(
        source.document,
        source.folder,
        base,
        faults=source.notes,
        dtype=training.dtype,
        local=local,
    )
    tree = case.base.architecture if source.needs_base else None
    if tree is None:
        return case, source
    source = source.on_base(tree)
    case = engine.open_planned(
        source.document, source.folder, case.base, faults=source.notes, dtype=training.dtype
    )
    return case, source


def _unasked(source: ConfigSource, options: Options) -> Iterator[NotChecked]:
    """Yield what the options ask about the result and is not known, since it is not PEFT's."""
    release = f"PEFT {options.peft}" if options.peft else None
    for name in filter(None, (release, *options.runtimes)):
        why = f"{source.trainer} saves the adapter in a format of its own"
        yield NotChecked(f"whether {name} loads the result", why)


def _with_gaps(report: AdapterReport, gaps: tuple[NotChecked, ...]) -> AdapterReport:
    status: Status = "undetermined" if report.status == "valid" else report.status
    return report._replace(status=status, not_checked=(*report.not_checked, *gaps))


def _without_loaders(engine: Engine) -> Engine:
    """Return an engine that does not ask what loads the adapter, as if PEFT had saved it."""
    return Engine(engine.options._replace(peft=None, runtimes=()), caches=engine.caches)


def plan_case(
    case: Case,
    source: ConfigSource,
    training: Training,
    files: Files | None = None,
    *,
    suggest: bool = False,
) -> TrainingPlan:
    """Return the plan of a config that has been opened."""
    from loracfg.analysis.unmatched_names import names_of_trainer, unmatched_names
    from loracfg.training.suggestions import left_out

    report = case.report
    report = report._replace(diagnostics=tuple(map(source.placed, report.diagnostics)))
    if not source.is_peft:
        report = report._replace(loads_in=None)
    found = TrainingPlan(source.name, source.trainer, report, case.dtype, made=source.made)
    found = found._replace(unmatched=tuple(names_of_trainer(case.subject)))
    plan, base = case.plan, case.planning.base
    if base is None or plan is None:
        return found
    found = found._replace(unmatched=(*unmatched_names(case.subject), *found.unmatched))
    if suggest:
        found = found._replace(suggestions=_suggestions(case, files))
    header = case.saved.weights
    if header is None:
        return found
    base = trained_base(plan, base)
    trained = tuple(trained_parameters(plan, base))
    modules = _modules(case.saved)
    return found._replace(
        sizes=sizes_of(plan, base, trained, file_bytes(header) if source.is_peft else None),
        targets=targets_of(plan),
        others=others_of(trained),
        groups=_groups(modules),
        modules=modules,
        left_out=left_out(plan),
        memory=_memory(case, trained, plan, base, training) if source.is_peft else None,
        engines=_engines(case),
    )


def _memory(
    case: Case,
    trained: Iterable[TrainedParameter],
    plan: Plan,
    base: Architecture,
    training: Training,
) -> TrainingMemory:
    return memory_of(
        trained,
        frozen_parameters(plan),
        base,
        case.dtype,
        SAFETENSORS_DTYPES[case.dtype],
        training.optimizer,
        training.quantization,
    )


def _modules(case: Case) -> tuple[InspectedModule, ...]:
    from loracfg.inspection.gather import modules_in

    return tuple(modules_in(case))


def _groups(modules: Iterable[InspectedModule]) -> tuple[Group, ...]:
    from loracfg.inspection.gather import groups_of

    return groups_of(modules)


def _engines(case: Case) -> tuple[EngineAnswer, ...]:
    """Return how the engines that the options name handle the result."""
    from loracfg.inspection.gather import engine_answers

    return engine_answers(case.subject.verdicts)


def _suggestions(case: Case, files: Files | None) -> tuple[Suggestion, ...]:
    from loracfg.training.suggestions import suggest

    config, base = case.config, case.planning.base
    if config is None or base is None:
        return ()
    return suggest(config, base, _new_tokens(case, files), case.budget)


def _new_tokens(case: Case, files: Files | None) -> tuple[int, ...]:
    """Return the tokens that a tokenizer beside the config adds beyond the base's embedding."""
    from loracfg.adapter.files import TOKENIZER_FILES
    from loracfg.adapter.tokenizer import read_tokenizer

    base = case.planning.base
    embedding = base.find(base.input_embeddings or "") if base else None
    if files is None or embedding is None or TOKENIZER_FILES.isdisjoint(files.sizes()):
        return ()
    tokenizer = read_tokenizer(files)
    rows = embedding.weight[0]
    return tuple(sorted(n for n in tokenizer.added if n >= rows)) if tokenizer else ()


def _plain(value: object) -> Json:
    """Return a value of Python as JSON has it: sets and tuples are lists."""
    if isinstance(value, Mapping):
        return {f"{key}": _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(one) for one in value), key=str)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    message = f"a config cannot have a `{type(value).__name__}`"
    raise LoracfgError(message, "pass values that JSON has")


def _check(name: str, value: object, known: Iterable[object]) -> None:
    if value not in known:
        raise _unknown(name, value, known)


def _unknown(name: str, value: object, known: Iterable[object]) -> LoracfgError:
    listed = ", ".join(f"`{one}`" for one in known if one is not None)
    return LoracfgError(f"`{name}` cannot be `{value}`", f"pass one of {listed}")
