"""The local cache of huggingface_hub, read without the client.

Its layout is that of huggingface_hub 2.4.0 (`try_to_load_from_cache` in `file_download.py`), which
has not changed since 0.8: `models--org--name/refs/<revision>` contains a commit, and
`models--org--name/snapshots/<commit>` its files, most of them links to `blobs`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from loracfg.sources.hub.repo_id import COMMIT, ModelId, is_revision


def cache_folder() -> Path:
    """Return the cache folder of huggingface_hub (`HF_HUB_CACHE` in `constants.py`)."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("HF_HOME", os.path.join(cache, "huggingface"))  # noqa: PTH118  # fast
    old = os.environ.get("HUGGINGFACE_HUB_CACHE", os.path.join(home, "hub"))  # noqa: PTH118
    named = os.environ.get("HF_HUB_CACHE", old)
    return Path(os.path.expandvars(os.path.expanduser(named)))  # noqa: PTH111  # never raises


def cached_commit(model: ModelId, repo: Path) -> str | None:
    """Return the commit of a revision, if the cache knows it.

    The revision may come from a stranger: one that no branch has is looked up nowhere.
    """
    if not is_revision(model.revision):
        return None
    ref = repo / "refs" / model.revision
    commit = model.revision
    if ref.is_file():
        with ref.open("rb") as stream:
            commit = stream.read(41).decode("ascii", errors="replace")
    return commit if re.fullmatch(COMMIT, commit) else None
