"""Fetches the `config.json` of a base, or its code if requested, from the Hugging Face Hub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from loracfg.base.finding.base_folder import CONFIG
from loracfg.document.json_document import MAX_BYTES
from loracfg.errors import LoracfgError

_RIGHT: Final = "set `HF_TOKEN` to a token that can read it"
_FOLDER: Final = f"pass the folder with the base's `{CONFIG}`"
_BESIDE: Final = re.compile(r"^\s*from \.(\w+) import ", re.MULTILINE)
_NETWORK: Final = f"check the network and `HF_ENDPOINT`, or {_FOLDER}"


def fetch_config(repo: str, revision: str, cache: Path) -> Path:
    """Fetch the config of a model into a cache and return its path there.

    Endpoint, token, timeouts and proxies are configured in huggingface_hub. The size is checked
    first, because the client would download a file of any size.

    Raises:
        LoracfgError: if huggingface_hub is not installed, or the config does not exist or cannot be
            fetched.
    """
    try:
        import huggingface_hub as client
    except ImportError:
        message = f"`{repo}` cannot be fetched: `huggingface_hub` is not installed"
        raise LoracfgError(message, "install `loracfg[hub]`") from None
    try:
        found = client.get_hf_file_metadata(client.hf_hub_url(repo, CONFIG, revision=revision))
        _check_size(found.size, repo)
        return Path(client.hf_hub_download(repo, CONFIG, revision=revision, cache_dir=cache))
    except LoracfgError:
        raise
    except Exception as error:  # the HTTP library that raises depends on the client's release
        raise _explained(error, repo, revision) from None


def fetch_code(repo: str, revision: str, modules: list[str], cache: Path) -> None:
    """Fetch modules of a model into a cache, with the modules next to them that they import.

    Raises:
        LoracfgError: if they cannot be fetched.
    """
    import huggingface_hub as client

    waiting, fetched = list(modules), set[str]()
    while waiting:
        name = f"{waiting.pop()}.py"
        if name in fetched:
            continue
        fetched.add(name)
        try:
            path = client.hf_hub_download(repo, name, revision=revision, cache_dir=cache)
        except Exception as error:
            raise _explained(error, repo, revision) from None
        waiting += _BESIDE.findall(Path(path).read_text("utf-8", errors="replace"))


def _check_size(size: int | None, repo: str) -> None:
    if size is not None and size > MAX_BYTES:
        message = f"the `{CONFIG}` of `{repo}` has {size} bytes, more than {MAX_BYTES}"
        raise LoracfgError(message, "check the id")


def _explained(error: Exception, repo: str, revision: str) -> LoracfgError:
    """Return the client's error with a better message."""
    from huggingface_hub import errors

    known: tuple[tuple[type[Exception], str, str], ...] = (
        (
            errors.OfflineModeIsEnabled,
            f"`{repo}` was not fetched because `HF_HUB_OFFLINE` is set",
            f"unset it, or {_FOLDER}",
        ),
        (
            errors.GatedRepoError,
            f"`{repo}` is gated on the Hub",
            f"accept its terms there and {_RIGHT}, or {_FOLDER}",
        ),
        (
            errors.RepositoryNotFoundError,
            f"the Hub has no model `{repo}`, or it cannot be read without a token",
            f"check the id, or {_RIGHT}",
        ),
        (
            errors.RevisionNotFoundError,
            f"`{repo}` has no revision `{revision}` on the Hub",
            "use an existing branch, tag or commit",
        ),
        (
            errors.LocalEntryNotFoundError,
            f"the Hub did not send the `{CONFIG}` of `{repo}`",
            _NETWORK,
        ),
        (
            errors.EntryNotFoundError,
            f"`{repo}` has no `{CONFIG}` on the Hub at `{revision}`",
            _FOLDER,
        ),
    )
    for kind, message, advice in known:
        if isinstance(error, kind):
            return LoracfgError(message, advice)
    if isinstance(error, errors.HfHubHTTPError) and error.response is not None:
        status = error.response.status_code
        advice = _RIGHT if status in (401, 403) else _NETWORK
        return LoracfgError(f"the Hub answered with status {status} for `{repo}`", advice)
    if "Timeout" in type(error).__name__:
        return LoracfgError(f"the Hub did not answer for `{repo}` in time", _NETWORK)
    why = str(error).partition("\n")[0] or type(error).__name__
    return LoracfgError(f"`{repo}` cannot be fetched: {why}", _NETWORK)
