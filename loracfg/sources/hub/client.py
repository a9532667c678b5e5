"""The client of the Hugging Face Hub: its token and offline mode, and its errors in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.audience import advice_for_all
from loracfg.sources.hub.repo_id import USE_REVISION
from loracfg.sources.remote.errors import INSTALL, RemoteError

if TYPE_CHECKING:
    from types import ModuleType

_SET_TOKEN: Final = "set `HF_TOKEN` to a token that can read it"  # noqa: S105  # a sentence
_IN_HEADERS: Final = r"[!-~]+"
"""What a header can have: visible ASCII characters."""
_DISABLED: Final = "Access to this resource is disabled."
"""What the Hub sends as `X-Error-Message` for a repository that it took down."""


def hub_client(repo: str) -> ModuleType:
    """Return `huggingface_hub`.

    Raises:
        RemoteError: it is not installed.
    """
    try:
        import huggingface_hub
    except ImportError:
        message = f"`{repo}` cannot be fetched: `huggingface_hub` is not installed"
        raise RemoteError(message, INSTALL) from None
    return huggingface_hub


def request_headers() -> dict[str, str]:
    """Return the headers of requests to the Hub: the user's token, if there is one.

    Raises:
        RemoteError: no header can have it.
    """
    from huggingface_hub import constants, get_token

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    if token and not re.fullmatch(_IN_HEADERS, token):
        message = "the token of the Hub has characters that no token has"
        raise RemoteError(message, "check `HF_TOKEN`, or run `hf auth login`")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _has_token() -> bool:
    """Whether requests have a token; in a browser, where there is no client, they have none."""
    try:
        return bool(request_headers())
    except ImportError:
        return False


def is_offline() -> bool:
    """Whether huggingface_hub is set to offline mode."""
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


class HubErrors(NamedTuple):
    """The errors of the Hub for one repository, in plain words.

    Attributes:
        repo: the repository.
        revision: its revision.
        instead: what the user can do without the Hub.
    """

    repo: str
    revision: str
    instead: str

    @property
    def _check_network(self) -> str:
        return f"check the network and `HF_ENDPOINT`, or {self.instead}"

    def offline(self) -> LoracfgError:
        """Return the error of what is not in the cache in offline mode."""
        message = f"`{self.repo}` was not fetched because `HF_HUB_OFFLINE` is set"
        return LoracfgError(message, f"unset it, or {self.instead}")

    def of_answer(self, error: RemoteError) -> RemoteError:
        """Return the error for an answer of the Hub to our own request."""
        code = error.headers.get("X-Error-Code") or error.headers.get("x-error-code")
        said = error.headers.get("X-Error-Message") or error.headers.get("x-error-message")
        if said == _DISABLED:
            code = "DisabledRepo"
        found = self._of_code(code, error.status)
        if found is None:  # the user has named no URL
            advice = (error.help or self.instead).replace("the URL", "`HF_ENDPOINT`")
            return RemoteError(error.message, advice, error.status, error.headers)
        message, advice = found
        if error.status == 429:
            message = error.message
        return RemoteError(message, advice, error.status, error.headers)

    def of_client(self, error: Exception, file: str) -> LoracfgError:
        """Return the error for an exception of the client, which wanted a file."""
        from huggingface_hub import errors

        codes: tuple[tuple[type[Exception], str], ...] = (
            (errors.DisabledRepoError, "DisabledRepo"),
            (errors.GatedRepoError, "GatedRepo"),
            (errors.RepositoryNotFoundError, "RepoNotFound"),
            (errors.RevisionNotFoundError, "RevisionNotFound"),
        )
        if isinstance(error, errors.OfflineModeIsEnabled):
            return self.offline()
        if isinstance(error, errors.LocalEntryNotFoundError):
            message = f"the Hub did not send the `{file}` of `{self.repo}`"
            return LoracfgError(message, self._check_network)
        code = next((code for kind, code in codes if isinstance(error, kind)), None)
        if code is None and isinstance(error, errors.EntryNotFoundError):
            message = f"`{self.repo}` has no `{file}` on the Hub at `{self.revision}`"
            return LoracfgError(message, self.instead)
        response = getattr(error, "response", None)
        found = self._of_code(code, response.status_code if response is not None else None)
        return LoracfgError(
            *(found or (self._of_network(type(error).__name__), self._check_network))
        )

    def _of_network(self, kind: str) -> str:
        """Return a message for a kind of exception of an HTTP library, which differ in names."""
        if "Timeout" in kind:
            return f"the Hub did not answer for `{self.repo}` in time"
        if "Connect" in kind or "Proxy" in kind:
            return f"the Hub cannot be reached for `{self.repo}`"
        return f"`{self.repo}` cannot be fetched: {kind}"

    def _of_code(self, code: str | None, status: int | None) -> tuple[str, str] | None:
        """Return a message and an advice for an error code of the Hub, or a status without one."""
        repo = f"`{self.repo}`"
        if code == "GatedRepo":
            advice = f"accept its terms there and {_SET_TOKEN}, or {self.instead}"
            advice = advice_for_all(advice, f"accept its terms there, then {self.instead}")
            return f"{repo} is gated on the Hub", advice
        if code == "DisabledRepo":
            return f"access to {repo} is disabled on the Hub", self.instead
        if code == "RevisionNotFound":
            message = f"{repo} has no revision `{self.revision}` on the Hub"
            return message, USE_REVISION
        if code == "RepoNotFound":
            message = f"the Hub has no model {repo}, or it cannot be read without a token"
            on_a_page = f"check the id; if the model is private, {self.instead}"
            return message, advice_for_all(f"check the id, or {_SET_TOKEN}", on_a_page)
        if status is None or status < 400:
            return None
        return f"the Hub answered with status {status} for {repo}", self._of_status(status)

    def _of_status(self, status: int) -> str:
        """Return what to do about a status."""
        if status in (401, 403):
            return advice_for_all(_SET_TOKEN, self.instead)
        later = "try again later"
        if status == 429:
            return later if _has_token() else advice_for_all(f"{_SET_TOKEN}, or {later}", later)
        return advice_for_all(self._check_network, f"{later}, or {self.instead}")
