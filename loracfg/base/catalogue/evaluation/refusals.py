"""The errors for configs without an answer."""

from __future__ import annotations

from loracfg.base.class_builder import CannotBuildError


class RefusedError(CannotBuildError):
    """The library rejects this config."""


class DeclinedError(CannotBuildError):
    """It is unknown what the library does with this config."""


class SpentError(DeclinedError):
    """The config needs more than the budget of a request; other ways would not help."""


REFUSALS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
"""Errors that Python raises here and in the library alike."""
