"""Requests to the Hugging Face Hub: its URLs and tokens, and its errors in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError
from loracfg.sources.remote.errors import RemoteError

if TYPE_CHECKING:
    from types import ModuleType

SET_TOKEN: Final = "set `HF_TOKEN` to a token that can read it"  # noqa: S105  # a sentence
INSTALL: Final = "install `loracfg[remote]`"


def hub_client(repo: str) -> ModuleType:
    """Return `huggingface_hub`.

    Raises:
        LoracfgError: it is not installed.
    """
    try:
        import huggingface_hub
    except ImportError:
        message = f"`{repo}` cannot be fetched: `huggingface_hub` is not installed"
        raise LoracfgError(message, INSTALL) from None
    return huggingface_hub


def request_headers() -> dict[str, str]:
    """Return the headers of requests to the Hub: the user's token, if there is one."""
    from huggingface_hub import constants, get_token

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def is_offline() -> bool:
    """Whether huggingface_hub is set to offline mode."""
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def explain(error: RemoteError, repo: str, revision: str, instead: str) -> RemoteError:
    """Return an error of the Hub in plain words.

    Args:
        error: the error.
        repo: the repository.
        revision: its revision.
        instead: what the user can do without the Hub.
    """
    code = error.headers.get("X-Error-Code")
    message, advice = error.message, error.help or instead
    if code == "GatedRepo":
        message = f"`{repo}` is gated on the Hub"
        advice = f"accept its terms there and {SET_TOKEN}, or {instead}"
    elif code == "RevisionNotFound":
        message = f"`{repo}` has no revision `{revision}` on the Hub"
        advice = "use an existing branch, tag or commit"
    elif code == "RepoNotFound" or error.status == 401:
        message = f"the Hub has no model `{repo}`, or it cannot be read without a token"
        advice = f"check the id, or {SET_TOKEN}"
    elif error.headers.get("X-Error-Message") == "Access to this resource is disabled.":
        message, advice = f"access to `{repo}` is disabled on the Hub", "use a different adapter"
    elif error.status == 403:
        message, advice = f"`{repo}` must not be read with this token", SET_TOKEN
    elif error.status == 429:
        advice = f"{error.help}, or {SET_TOKEN}" if error.help else SET_TOKEN
    else:
        return error
    return RemoteError(message, advice, error.status, error.headers)
