"""Model types that are newer than the catalogue are reported as such."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import transformers
from loracfg_api.uploads.bases import base_of_type

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import LAYOUTS
from loracfg.base.catalogue.newer import newer_type_note, newer_types
from loracfg.base.catalogue.showing import find
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.derivation.building import library_releases as releases
from loracfg.base.derivation.building import newer
from loracfg.base.finding.base_folder import BaseFiles
from loracfg.base.from_library import built as builder
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, UploadedBase
from loracfg.errors import LoracfgError

HERE: Final = lookup.library().rpartition(" ")[2]
MESSAGE: Final = f"`sarvam_moe` was added in transformers 5.24.0; the catalogue has {HERE}"


def reasons(**config: Any) -> tuple[str, ...]:
    given = UploadedBase(BaseFiles(config, None, "config.json"))
    return resolve_base(BaseRequest(given=given, paths=frozenset(("a.b",)))).not_checked


def test_a_newer_type_is_the_reason() -> None:
    assert reasons(model_type="sarvam_moe") == (MESSAGE,)
    assert reasons(model_type="sarvam") == ("the model type `sarvam` is unknown",)


def test_it_is_the_reason_for_its_classes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "unavailable", lambda: "`transformers` is not installed")
    found = reasons(model_type="sarvam_moe", architectures=["SarvamMoeForCausalLM"])
    assert found == (f"{MESSAGE}, and `transformers` is not installed",)


def test_the_installed_transformers_may_be_too_old_as_well() -> None:
    config = {"model_type": "sarvam_moe"}
    if "sarvam_moe" in transformers.CONFIG_MAPPING:
        pytest.skip(f"transformers {transformers.__version__} has it")
    with pytest.raises(CannotBuildError) as raised:
        builder.build(config, "SarvamMoeForCausalLM")
    assert raised.value.message == (
        f"`sarvam_moe` was added in transformers 5.24.0; {transformers.__version__} is installed"
    )


def test_it_is_the_reason_for_a_config_inside_another() -> None:
    config = {"model_type": "llava", "text_config": {"model_type": "sarvam_moe"}}
    with pytest.raises(CannotBuildError, match="`sarvam_moe` was added in transformers 5"):
        lookup.build(config, "LlavaForConditionalGeneration")


def test_it_is_the_reason_why_nothing_is_shown() -> None:
    with pytest.raises(LoracfgError) as raised:
        find("sarvam_moe")
    assert raised.value.message == MESSAGE


def test_a_base_by_its_type() -> None:
    (fault,) = base_of_type("sarvam_moe").faults
    assert fault.message == MESSAGE


@pytest.mark.parametrize("model_type", [None, 3, [], {}, "llama", "no-such-type"])
def test_anything_else_did_not_come_later(model_type: Any) -> None:
    assert newer_type_note(model_type, "") is None


def test_the_catalogue_has_none_of_them() -> None:
    assert not newer_types()[1] & {*lookup.model_types()}


Wheel = Callable[[str], Path]


@pytest.fixture
def wheel(monkeypatch: pytest.MonkeyPatch) -> Wheel:
    """Return a function that finds the wheel of a release, or skips: none is downloaded."""

    def refuse(*arguments: str) -> None:
        raise releases.DownloadError(f"the wheel of {arguments[-1]} is not on this machine")

    def find(requirement: str) -> Path:
        try:
            return releases.find_wheel(requirement)
        except releases.DownloadError as error:
            pytest.skip(f"{error}; `{releases.FOLDER}` names the folder of wheels")

    monkeypatch.setattr(releases, "_pip", refuse)
    return find


def test_the_list_is_that_of_the_wheels(wheel: Wheel) -> None:
    wheel(releases.NEXT)
    wheel(releases.RELEASES[LAYOUTS[0]].requirements[0])
    library, types = newer.newer_types()

    assert (library, frozenset(types)) == newer_types()
    assert {"sarvam_moe", "wavtokenizer_encoder"} <= {*types}
    assert "llama" not in types


def test_a_wheel_has_the_types_that_its_code_makes(wheel: Wheel) -> None:
    from transformers.models.auto import configuration_auto

    version = transformers.__version__
    made: dict[str, str] = vars(configuration_auto)["CONFIG_MAPPING_NAMES"]
    assert newer.types_of(wheel(f"transformers=={version}")) == {*made}
