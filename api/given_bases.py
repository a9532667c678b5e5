"""The base that a JSON body gives: by model type, as its files, or as a folder on the server."""

from __future__ import annotations

from loracfg_api.body import BaseBody, PlaceBody
from loracfg_api.roots import base_at
from loracfg_api.settings import Settings
from loracfg_api.uploads.bases import base_of_type

from loracfg.base.search import UploadedBase


def given_base(base: BaseBody | PlaceBody | str | None, settings: Settings) -> UploadedBase | None:
    """Return the base of a body; None if it gives none.

    Raises:
        ProblemError: it is a folder that may not be read.
    """
    if base is None:
        return None
    if isinstance(base, str):
        return base_of_type(base)
    return base_at(base.path, settings) if isinstance(base, PlaceBody) else base.given()
