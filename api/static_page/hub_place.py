"""The Hub that readers of the page may let it ask: its address, and where its large files are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from loracfg.errors import LoracfgError

DEFAULT: Final = "https://huggingface.co"
_OF_DEFAULT: Final = ("https://*.hf.co", "https://cdn-lfs.huggingface.co")
"""Where the Hub redirects for large files: `cas-bridge.xethub.hf.co` or `*.cdn.hf.co`, and for
older files `cdn-lfs*`."""
_HOST: Final = r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?"
_ENDPOINT: Final = re.compile(rf"(?P<origin>{_HOST})(?:/[\w.~-]+)*", re.ASCII)
_ORIGIN: Final = re.compile(_HOST)


class HubPlace(NamedTuple):
    """A Hub.

    Attributes:
        endpoint: the beginning of its addresses, without a slash at the end.
        origin: its scheme, host and port.
        files: the origins that it redirects to, as a content security policy has them.
    """

    endpoint: str
    origin: str
    files: tuple[str, ...]


def hub_place(endpoint: str, files: Iterable[str] = ()) -> HubPlace:
    """Return the Hub at an address.

    Args:
        endpoint: the address, as in `HF_ENDPOINT`.
        files: origins that it redirects to for large files (default: those of huggingface.co).

    Raises:
        LoracfgError: one of these is not an address that a policy can name.
    """
    named = endpoint.rstrip("/")
    found = _ENDPOINT.fullmatch(named)
    if found is None or "*" in named:
        message = f"`{endpoint}` is not the address of a Hub"
        raise LoracfgError(message, f"use a scheme, a host and perhaps a path, such as `{DEFAULT}`")
    others = tuple(one.rstrip("/") for one in files)
    for one in others:
        if not _ORIGIN.fullmatch(one):
            message = f"`{one}` is not the origin of a server"
            raise LoracfgError(
                message, "use a scheme and a host, such as `https://cdn.example.org`"
            )
    if not others and named == DEFAULT:
        others = _OF_DEFAULT
    return HubPlace(named, found["origin"], others)


HUGGING_FACE: Final = hub_place(DEFAULT)
