"""What `--peft` adds to the findings."""

from __future__ import annotations

import pytest

from loracfg.errors import LoracfgError
from loracfg.testing.judging import codes, judged
from loracfg.validation import Options, validate


def test_the_keys_of_newer_releases_are_one_finding() -> None:
    (found,) = judged("peft 0.12.0").diagnostics
    assert (found.code, found.count) == ("LC201", 17)
    assert found.message.startswith(
        "PEFT 0.12.0 does not load the adapter: it raises on the keys `alora_invocation_tokens`, "
    )
    assert found.location.pointer == "/alora_invocation_tokens"
    assert found.help == (
        "run `loracfg migrate --to 0.12.0`, or load it with PEFT >=0.4,<0.6 or >=0.14"
    )


def test_what_is_dropped_without_loss_is_no_finding() -> None:
    assert codes("peft 0.14.0") == []
    assert codes("peft 0.5.0") == []


def test_what_is_wrong_in_the_newest_release_is_said_once() -> None:
    lines = ("base none", 'config {"layers_pattern": "layers"}')
    assert codes(*lines) == codes(*lines, "peft 0.21.0") == ["LC303"]


def test_without_a_release_nothing_is_asked() -> None:
    assert codes('made with {"use_rslora": true}') == []


@pytest.mark.parametrize("release", ["0.99", "0.0.1", ""])
def test_a_release_that_loads_nothing_is_refused(release: str) -> None:
    with pytest.raises(LoracfgError):
        validate((), Options(peft=release))


def test_where_an_adapter_is_wrong_everywhere_no_release_is_named() -> None:
    assert judged("drop layers.0").loads_in is None
    assert judged().loads_in == {
        "peft": ">=0.4,<0.6 or >=0.14",
        "dropping": ">=0.4,<0.6 or >=0.14,<0.21",
        "failing": ">=0.1,<0.4 or >=0.6,<0.14",
    }
