"""Checks the settings for generation in configs, like new models that generate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.configs.protocol import CACHES
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

if TYPE_CHECKING:
    pass


def check(given: dict[str, object], *, is_4: bool) -> None:
    """Reject what `GenerationConfig.from_model_config` and `validate` reject.

    (transformers 4.57.6 and 5.23, `generation/configuration_utils.py`)

    Args:
        given: the attributes of the config.
        is_4: whether the release is one of transformers 4.

    Raises:
        RefusedError: if a setting is wrong, or two contradict each other.
        TypeError: if one cannot be compared.
        DeclinedError: if it is unknown what the library does.
    """
    own: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if "watermarking_config" in own:
        raise DeclinedError("`watermarking_config` is set")
    if own.get("early_stopping", False) not in {True, False, "never"}:
        raise RefusedError("`early_stopping` is neither true, false nor `never`")
    if own.get("max_new_tokens", 1) <= 0:
        raise RefusedError("`max_new_tokens` is not above 0")
    own.get("pad_token_id", 0) < 0  # noqa: B015 - the library only warns about a negative one
    cache = own.get("cache_implementation", "static")
    if not (cache in CACHES or cache == ("dynamic_full" if is_4 else "paged")):
        raise RefusedError("`cache_implementation` is not a known one")
    if "compile_config" in own:
        raise RefusedError("`compile_config` is set")
    if not is_4:
        _check_others(own)
    _check_sequences(own, is_4=is_4)


def _check_others(own: dict[str, Any]) -> None:
    """Check what only transformers 5 checks."""
    if not 0.0 < own.get("assistant_ensemble_weight", 0.5) < 1.0:
        raise RefusedError("`assistant_ensemble_weight` is not between 0 and 1")
    forced = ("forced_bos_token_id", "forced_eos_token_id", "force_bos_token_to_be_generated")
    if "suppress_tokens" in own:
        set(own["suppress_tokens"])
        if own.keys() & set(forced):
            raise DeclinedError("`suppress_tokens` is set together with forced tokens")


def _check_sequences(own: dict[str, Any], *, is_4: bool) -> None:
    """Check the number of sequences that are generated at once."""
    sequences, beams = own.get("num_return_sequences", 1), own.get("num_beams", 1)
    if not (sequences != 1 if is_4 else sequences > 1):
        return
    is_greedy = own.get("do_sample", False) is False if is_4 else not own.get("do_sample")
    if beams == 1 and is_greedy:
        raise RefusedError("`num_return_sequences` needs `num_beams` or `do_sample`")
    if beams != 1 and sequences > beams:
        raise RefusedError("`num_return_sequences` is above `num_beams`")
