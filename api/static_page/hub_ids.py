"""Reads ids of repositories on the Hugging Face Hub for the page, which asks the Hub by itself.

The page has no client of the Hub: a small frame of it asks for a few ranges. What an id may be,
which base a config names, and what an answer of the Hub means is decided here, as for the command
line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loracfg_api.problems import ProblemError
from pydantic import BaseModel

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME, read_adapter
from loracfg.adapter.files import Files
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.report.audience import without_commands
from loracfg.sources.address import HubAddress, parse_address, without_file
from loracfg.sources.hub.client import HubErrors
from loracfg.sources.hub.repo_id import MAIN, check_revision, parse_id
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.place import is_file

_INSTEAD: Final = "download its files, and choose them here"
_NO_ID: Final = "enter `owner/name`, or `owner/name@revision`"
_SHOWN: Final = 100
_OWN_FILES: Final = frozenset((CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME))
_NO_FILE: Final = "EntryNotFound"


class HubFolder(BaseModel):
    """A folder of a repository on the Hub; `inside` is empty for the top."""

    repo: str
    revision: str = MAIN
    inside: str = ""


class NamedBase(BaseModel):
    """The base that a config names; `reason` says why it cannot be on the Hub."""

    folder: HubFolder | None = None
    reason: str = ""


def hub_folder(text: str) -> HubFolder:
    """Return the folder that a text names: an id, or the address of a page of the Hub.

    Raises:
        ProblemError: it names none.
    """
    shown = text[:_SHOWN]
    try:
        address = parse_address(text)
    except LoracfgError as error:
        raise ProblemError(422, error.message, _NO_ID) from None
    if not isinstance(address, HubAddress):
        raise ProblemError(422, f"`{shown}` is not the id of a repository on the Hub", _NO_ID)
    folder = without_file(address, _OWN_FILES)
    assert isinstance(folder, HubAddress)
    if is_file(folder.inside):
        raise ProblemError(
            422, f"`{shown}` names a file", f"enter the id of its folder, or {_INSTEAD}"
        )
    revision = folder.revision or MAIN
    try:
        check_revision(folder.repo, revision)
    except LoracfgError as error:
        raise ProblemError(422, error.message, error.help) from None
    return HubFolder(repo=folder.repo, revision=revision, inside=folder.inside)


def named_base(files: Files) -> NamedBase:
    """Return the base that the config of an adapter names, if that can be on the Hub."""
    config = read_adapter(files).config
    named = config.base_model_name_or_path if config else None
    if not named:
        return NamedBase(reason="the config names no base")
    model = parse_id(named)
    if model is None:
        return NamedBase(
            reason=f"the config names `{named[:_SHOWN]}` as its base, which is not an id"
        )
    revision = (config.revision if config else None) or model.revision
    try:
        check_revision(model.repo, revision)
    except LoracfgError as error:
        return NamedBase(reason=f"{error.message}, the base")
    return NamedBase(folder=HubFolder(repo=model.repo, revision=revision))


def refused(answer: Mapping[str, str]) -> ProblemError:
    """Return the problem for an answer of the Hub that has no file.

    Args:
        answer: `repo`, `revision`, `file` and `status`, and the headers of the Hub that explain a
            refusal as `code` and `said`, if there are any.
    """
    status = int(answer["status"])
    code, said = answer.get("code", ""), answer.get("said", "")
    repo, revision = answer["repo"], answer["revision"]
    if status == 404 and code in ("", _NO_FILE):
        message = f"`{repo}` has no `{answer['file']}` on the Hub at `{revision}`"
        return ProblemError(
            422, message, f"check the id; if the file has a different name, {_INSTEAD}"
        )
    headers = {"x-error-code": code, "x-error-message": said}
    busy = RemoteError("the Hub is limiting requests", "try again later", status, headers)
    with without_commands():
        error = HubErrors(repo, revision, _INSTEAD).of_answer(busy)
    return ProblemError(422, error.message, error.help)
