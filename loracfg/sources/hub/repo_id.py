"""Ids of repositories on the Hugging Face Hub, with revisions."""

from __future__ import annotations

import re
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

_REPO: Final = r"(\b[\w.-]{1,96}\b/)?\b[\w.-]{1,96}\b"
COMMIT: Final = r"[0-9a-f]{40}"
_SNAPSHOT: Final = r"(?:^|/)models--([\w.-]+)/snapshots/[^/]+(?=/|$)"
_READ: Final = rf"(?P<repo>{_REPO})@{COMMIT}(/\w+)?"
_STEP: Final = r"[^\s\x00-\x1f\x7f~^:?*\[\\/.][^\s\x00-\x1f\x7f~^:?*\[\\/]*"
"""A component of the name of a branch or tag (`git check-ref-format`), such as `refs` or `pr`."""
_MAX_REVISION: Final = 255
MAIN: Final = "main"
USE_REVISION: Final = "use an existing branch, tag or commit"
_SHOWN: Final = 100


class ModelId(NamedTuple):
    """The id of a model, with the branch, tag or commit as given."""

    repo: str
    revision: str = MAIN

    @property
    def folder_name(self) -> str:
        """The name of its folder in the cache (`repo_folder_name`)."""
        return "--".join(("models", *self.repo.split("/")))


def parse_id(named: str) -> ModelId | None:
    """Read `name`, `org/name` or either with `@revision`, by the rules of `validate_repo_id`."""
    repo, at, revision = named.partition("@")
    return ModelId(repo, revision if at else MAIN) if is_id(repo) else None


def is_id(repo: str) -> bool:
    """Whether a text can be the id of a repository, by the rules of `validate_repo_id`."""
    has_no_double = "--" not in repo and ".." not in repo
    is_id = re.fullmatch(_REPO, repo, re.ASCII) is not None
    return is_id and has_no_double and not repo.endswith(".git")


def read_id(name: str) -> str | None:
    """Return the id in the name of `BaseFiles`, or None if the base was not found by an id."""
    match = re.fullmatch(_READ, name, re.ASCII)
    return match["repo"] if match else None


def cached_id(path: str) -> str | None:
    """Return the id in a path to a snapshot in the cache or to a file in one, if it is such a path.

    The path may be from a different computer, so nothing is looked up.
    """
    match = re.search(_SNAPSHOT, path.replace("\\", "/"), re.ASCII)
    found = parse_id(match[1].replace("--", "/")) if match else None
    return found.repo if found else None


def check_revision(repo: str, revision: str) -> None:
    """Check that a revision can be the name of a branch or tag, or a commit.

    Raises:
        LoracfgError: it cannot.
    """
    if not is_revision(revision):
        message = f"`{revision[:_SHOWN]}` is not a valid revision of `{repo}`"
        raise LoracfgError(message, USE_REVISION)


def is_revision(text: str) -> bool:
    """Whether a text can be the name of a branch or tag, or a commit."""
    steps = text.split("/")
    return (
        len(text) <= _MAX_REVISION
        and ".." not in text
        and all(re.fullmatch(_STEP, step) for step in steps)
    )
