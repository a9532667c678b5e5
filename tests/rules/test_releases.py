"""What `--peft` adds to the findings."""

from __future__ import annotations

import pytest

from loracfg.config.history.derived_models import fields_at
from loracfg.config.history.releases import PEFT_RELEASE, RELEASES, between, specifier
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.testing.building.judging import codes, judged

WEIGHTS = "adapter_model.safetensors"
K = "base_model.model.model.layers.0.self_attn.k_proj"


def test_keys_of_newer_releases_are_one_finding() -> None:
    (found,) = judged("peft 0.12.0").diagnostics
    newer = fields_at(PEFT_RELEASE).keys() - fields_at("0.12.0").keys()
    assert (found.code, found.count) == ("LC201", len(newer))
    assert found.message.startswith(
        "PEFT 0.12.0 does not load the adapter: it raises on the keys `alora_invocation_tokens`, "
    )
    assert found.location.pointer == "/alora_invocation_tokens"
    assert found.help == (
        "run `loracfg migrate --to 0.12.0`, or load it with PEFT >=0.4,<0.6 or >=0.14"
    )


def test_keys_that_are_dropped_without_loss_are_not_reported() -> None:
    assert codes("peft 0.14.0") == []
    assert codes("peft 0.5.0") == []


def test_error_in_the_newest_release_too_is_reported_once() -> None:
    lines = ("base none", 'config {"layers_pattern": "layers"}')
    assert codes(*lines) == codes(*lines, "peft 0.21.0") == ["LC303"]


def test_without_a_release_nothing_is_reported() -> None:
    assert codes('made with {"use_rslora": true}') == []


@pytest.mark.parametrize("release", ["0.99", "0.0.1", ""])
def test_unsupported_release_is_rejected(release: str) -> None:
    with pytest.raises(LoracfgError):
        validate((), Options(peft=release))


def test_loads_in_is_none_if_the_adapter_is_broken() -> None:
    assert judged("drop layers.0").loads_in is None
    newest = fields_at(PEFT_RELEASE).keys()
    older = [release for release in RELEASES if fields_at(release).keys() != newest]
    range_of = {
        "peft": between("0.4.0", "0.6.0") + between("0.14.0"),
        "dropping": set(between("0.4.0", "0.6.0") + between("0.14.0")).intersection(older),
        "failing": between("0.1.0", "0.4.0") + between("0.6.0", "0.14.0"),
    }
    assert judged().loads_in == {name: specifier(found) for name, found in range_of.items()}


@pytest.mark.parametrize("line", ["for mlx-lm", "peft 0.12"])
def test_what_a_user_asks_changes_nothing_else(line: str) -> None:
    asked, plain = (judged('config {"corda_config": null}', *more) for more in ([line], []))
    assert (asked.status, plain.status) == ("invalid", "valid")
    assert asked.own_status == plain.own_status == "valid"
    assert asked.loads_in == plain.loads_in is not None


@pytest.mark.parametrize(
    ("lines", "code", "place", "message", "help_"),
    [
        (
            ("peft 0.3.0",),
            "LC201",
            WEIGHTS,
            "PEFT 0.3.0 does not load the adapter: it does not find the weights, since it only "
            "reads `adapter_model.bin`",
            "run `loracfg migrate --to 0.3.0`, or load it with PEFT >=0.4,<0.6 or >=0.14",
        ),
        (
            ('made with {"use_dora": true}', "peft 0.5.0"),
            "LC202",
            "/use_dora",
            "PEFT 0.5.0 computes something different: it drops `use_dora`, which changes what the "
            "adapter computes",
            "run `loracfg migrate --to 0.5.0`, or load it with PEFT >=0.14",
        ),
        (
            (f"tensor {K}.lora_A.default.weight F32 [4, 16]", "peft 0.15.0"),
            "LC202",
            f"{K}.lora_A.default.weight",
            "PEFT 0.15.0 computes something different: it ignores tensors with the adapter's "
            "name in their names",
            "run `loracfg migrate --to 0.15.0`, or load it with PEFT >=0.21",
        ),
    ],
)
def test_messages_about_a_release(
    lines: tuple[str, ...], code: str, place: str, message: str, help_: str
) -> None:
    (found,) = (d for d in judged(*lines).diagnostics if d.code in ("LC201", "LC202"))
    assert found.code == code
    assert (found.location.pointer or found.location.tensor or found.location.file) == place
    assert (found.message, found.help) == (message, help_)


@pytest.mark.parametrize("line", ["config none", 'config {"lora_alpha": "x"}'])
def test_nothing_is_reported_about_a_release_if_the_config_is_unreadable(line: str) -> None:
    assert codes(line, "peft 0.5.0") == codes(line)


def test_no_release_is_advised_if_none_loads_the_adapter() -> None:
    lines = ('made with {"lora_bias": true}', 'config {"use_dora": true}', "peft 0.5.0")
    found = [d.help for d in judged(*lines).diagnostics if d.code == "LC202"]
    assert found == ["run `loracfg migrate --to 0.5.0`"] * 2
