"""Opens the adapters of a set on one base, and plans a server for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from loracfg.adapter.directory import check_method
from loracfg.engine.case import Case
from loracfg.engine.fronts import engine_for
from loracfg.engine.options import Options, texts_argument
from loracfg.errors import LoracfgError
from loracfg.runtimes.asked import find_runtime
from loracfg.serving.deployment.deployment import ONE_DEVICE, Deployment, plan_deployment
from loracfg.serving.deployment.server_memory import Hardware
from loracfg.urls import visible_url


def deploy(
    paths: str | Path | Iterable[str | Path],
    runtime: str,
    options: Options,
    hardware: Hardware = ONE_DEVICE,
) -> Deployment:
    """Return the server that adapters need on the base in the options.

    An adapter that is named twice counts once.

    Args:
        paths: one or several adapters, as for `validate`.
        runtime: the engine, such as `vllm==0.33,max_loras=4`.
        options: the base, and how to find it.
        hardware: what the server runs on.

    Raises:
        LoracfgError: there are no adapters, one cannot be read, there is no base, the engine is
            unknown, or it cannot divide a layer over so many devices.
    """
    found = find_runtime(runtime)
    if options.base is None:
        raise LoracfgError("there is no base", "pass the one that the server has with `--base`")
    cases = list(_opened(paths, options))
    return plan_deployment(cases, found, visible_url(options.base), hardware)


def _opened(paths: str | Path | Iterable[str | Path], options: Options) -> Iterator[Case]:
    """Yield each adapter once, on the base, after checking that both can be read."""
    engine = engine_for(options)
    listed = [f"{paths}"] if isinstance(paths, Path) else texts_argument("paths", paths)
    seen = set[str]()
    for path in listed:
        case = engine.open(path)
        place = f"{Path(path).resolve()}" if Path(path).exists() else path
        if place in seen or case.name in seen:
            continue
        seen.update((place, case.name))
        _check(case)
        yield case


def _check(case: Case) -> None:
    check_method(case.adapter)
    if case.config is None or case.weights is None:
        message = f"cannot read the config and weights of a LoRA adapter in `{case.name}`"
        raise LoracfgError(message, "run `loracfg validate` to see what is wrong with it")
    if case.base.architecture is None:
        why = "; ".join(case.base.not_checked) or "it cannot be read"
        message = f"cannot use the base `{visible_url(case.options.base or '')}`: {why}"
        raise LoracfgError(message, "pass a different base")
