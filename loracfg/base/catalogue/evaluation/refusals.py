"""Why there is no answer for a config."""

from __future__ import annotations

from loracfg.base.class_builder import CannotBuildError


class RefusedError(CannotBuildError):
    """The library does not accept this config."""


class DeclinedError(CannotBuildError):
    """It is not known what the library does with this config."""


class SpentError(DeclinedError):
    """The config asks for more than a request may cost: nobody should try it another way."""


REFUSALS = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
"""What Python raises where the library would raise the same."""
