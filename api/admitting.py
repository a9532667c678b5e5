"""The gate of a cluster, as the operator has set it up."""

from __future__ import annotations

from pathlib import Path

from loracfg_api.settings import Settings

from loracfg.engine.caches import Caches
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.serving.admission.controller import AdmissionController, AdmissionPolicy
from loracfg.serving.admission.places import Places
from loracfg.settings.project import read_settings

_ADVICE = "see docs/admission.md for the settings"


def controller_of(settings: Settings, caches: Caches) -> AdmissionController:
    """Return what decides about resources.

    Raises:
        LoracfgError: a setting is wrong.
    """
    mapped = dict(map(_place, settings.admission_places))
    policy = AdmissionPolicy(
        settings.admission_mode,
        settings.admission_on_failure,
        _options(settings),
        settings.admission_fail_on,
        settings.admission_seconds,
        settings.max_adapters,
    )
    return AdmissionController(policy, Places(mapped, settings.real_roots), caches)


def _place(text: str) -> tuple[str, Path]:
    named, _, folder = text.rpartition("=")
    if not named or not folder.startswith("/"):
        message = f"`LORACFG_ADMISSION_PLACES` has `{text}`"
        raise LoracfgError(message, "write `URI=/folder` or `NAME=/folder`")
    return named, Path(folder).resolve()


def _options(settings: Settings) -> Options:
    if settings.admission_config is None:
        options = Options()
    elif settings.admission_config.is_file():
        options = read_settings(settings.admission_config).options_for()
    else:
        message = f"`LORACFG_ADMISSION_CONFIG`: `{settings.admission_config}` is not a file"
        raise LoracfgError(message, _ADVICE)
    return options.with_arguments(
        base=None,
        isolated=True,
        online=False,
        data=False,
        pattern_seconds=settings.pattern_seconds,
        runtimes=settings.admission_for or options.runtimes,
    )
