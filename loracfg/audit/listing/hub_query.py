"""Queries of the Hub: `hf://models?filter=peft&author=org`, listed page by page with commits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl

from loracfg.audit.listing.listed import Listed
from loracfg.errors import LoracfgError
from loracfg.sources.address import HubAddress
from loracfg.sources.hub.client import hub_client, is_offline, request_headers
from loracfg.urls import QUERY_NAMES

PREFIX: Final = "hf://models?"
_LIMIT: Final = "limit"
_LISTS: Final = "filter"
_MOST: Final = 20_000_000
"""Several times the models of the Hub; a server whose pages have no end sends more."""
_FEWER: Final = "ask for fewer, e.g. those of an author"
_DIGITS: Final = 10
_TEXTS: Final = frozenset(QUERY_NAMES) - {_LIMIT, _LISTS}
_EXAMPLE: Final = "`hf://models?filter=peft&author=org`"


def is_query(named: str) -> bool:
    """Whether a source is a query of the Hub."""
    return named.startswith(PREFIX)


def check_query(query: str) -> None:
    """Check a query without asking the Hub.

    Raises:
        LoracfgError: it cannot be understood.
    """
    _arguments(query)


def listed_on_hub(query: str) -> Iterator[Listed]:
    """Yield the repositories that a query finds, each with its commit.

    Raises:
        LoracfgError: the query cannot be understood, or the Hub does not answer it.
    """
    wanted = _arguments(query)
    client = hub_client("models")
    if is_offline():
        message = "the Hub was not asked for models because `HF_HUB_OFFLINE` is set"
        raise LoracfgError(message, "unset it, or pass a list of adapters")
    request_headers()  # what is wrong with a token has a message of its own
    try:
        with _quiet():
            models = client.HfApi().list_models(expand=["sha"], **wanted)
            for number, model in enumerate(models):
                _check_count(number, query)
                yield Listed(HubAddress(model.id), model.sha)
    except LoracfgError:
        raise
    except Exception as error:  # the HTTP library that raises depends on the client's release
        why = f"the Hub did not answer `{query}`: {type(error).__name__}"
        raise LoracfgError(
            why, "check the network and `HF_ENDPOINT`, then run the same command again"
        ) from None


def _check_count(number: int, query: str) -> None:
    if number == _MOST:
        raise LoracfgError(f"`{query}` finds more than {_MOST:,} models", _FEWER)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the client from printing each attempt at a request."""
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _arguments(query: str) -> dict[str, str | int | list[str]]:
    found: dict[str, str | int | list[str]] = {}
    filters: list[str] = []
    for name, value in parse_qsl(query.removeprefix(PREFIX), keep_blank_values=True):
        if name == _LISTS:
            filters += value.split(",")
        elif name == _LIMIT:
            found[name] = _number(value, query)
        elif name in _TEXTS and value:
            found[name] = value
        else:
            known = "`, `".join(QUERY_NAMES)
            what = "is empty" if name in _TEXTS else "is not understood"
            message = f"`{name}` in a query of the Hub {what}"  # its value may be a secret
            raise LoracfgError(message, f"use `{known}`, as in {_EXAMPLE}")
    return {**found, "filter": filters} if filters else found


def _number(value: str, query: str) -> int:
    if value.isascii() and value.isdigit() and len(value) < _DIGITS:
        return int(value)
    message = f"`{_LIMIT}={value}` in `{query}` is not a number of adapters"
    raise LoracfgError(message, f"write it as in `{_LIMIT}=100`")
