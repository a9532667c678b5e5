"""Fetches the `config.json` of a base, or its code if requested, from the Hugging Face Hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from loracfg.base.finding.base_folder import CONFIG
from loracfg.document.json_document import MAX_BYTES
from loracfg.errors import LoracfgError
from loracfg.sources.hub.client import HubErrors, hub_client, request_headers

_FOLDER: Final = f"pass the folder with the base's `{CONFIG}`"
_BESIDE: Final = re.compile(r"^[ \t]*from \.(\w+) import ", re.MULTILINE)


def fetch_config(repo: str, revision: str, cache: Path, inside: str = "") -> Path:
    """Fetch the config of a model into a cache and return its path there.

    Endpoint, token, timeouts and proxies are configured in huggingface_hub. The size is checked
    first, because the client would download a file of any size.

    Args:
        repo: the repository.
        revision: its revision.
        cache: the cache.
        inside: the folder of the config in the repository, `""` for the top.

    Raises:
        LoracfgError: if huggingface_hub is not installed, or the config does not exist or cannot be
            fetched.
    """
    client = hub_client(repo)
    request_headers()  # what is wrong with a token has a message of its own
    file = f"{inside}/{CONFIG}" if inside else CONFIG
    try:
        found = client.get_hf_file_metadata(client.hf_hub_url(repo, file, revision=revision))
        _check_size(found.size, repo)
        with _without_xet():
            return Path(client.hf_hub_download(repo, file, revision=revision, cache_dir=cache))
    except LoracfgError:
        raise
    except Exception as error:  # the HTTP library that raises depends on the client's release
        raise HubErrors(repo, revision, _FOLDER).of_client(error, file) from None


def fetch_code(repo: str, revision: str, modules: list[str], cache: Path) -> None:
    """Fetch modules of a model into a cache, with the modules next to them that they import.

    Raises:
        LoracfgError: if they cannot be fetched.
    """
    client = hub_client(repo)
    waiting, fetched = list(modules), set[str]()
    while waiting:
        name = f"{waiting.pop()}.py"
        if name in fetched:
            continue
        fetched.add(name)
        try:
            with _without_xet():
                path = client.hf_hub_download(repo, name, revision=revision, cache_dir=cache)
        except Exception as error:
            raise HubErrors(repo, revision, _FOLDER).of_client(error, name) from None
        waiting += _BESIDE.findall(Path(path).read_text("utf-8", errors="replace"))


@contextmanager
def _without_xet() -> Iterator[None]:
    """Let no header of an answer send the token to the host of a Xet store.

    (huggingface_hub 2.4.0, `refresh_xet_connection_info` in `utils/_xet.py`)
    """
    from huggingface_hub import constants

    before = constants.HF_HUB_DISABLE_XET
    constants.HF_HUB_DISABLE_XET = True
    try:
        yield
    finally:
        constants.HF_HUB_DISABLE_XET = before


def _check_size(size: int | None, repo: str) -> None:
    if size is not None and size > MAX_BYTES:
        message = f"the `{CONFIG}` of `{repo}` has {size} bytes, more than {MAX_BYTES}"
        raise LoracfgError(message, "check the id")
