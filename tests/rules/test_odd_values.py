"""Values that are all zero or not finite, heads with other labels, and rules that crash."""

from __future__ import annotations

import pytest

from loracfg.rules.base.lc621_label_count import check
from loracfg.rules.registry import find_rule
from loracfg.rules.runner import crash_finding
from loracfg.testing.building.judging import judged
from tests.rules.subjects import made_with, subject

ATTENTION = "base_model.model.model.layers.0.self_attn"


@pytest.mark.parametrize(
    ("code", "lines", "message", "place", "count"),
    [
        (
            "LC431",
            ("values . 0.5", "values v_proj.lora_A nan", "values layers.0.*v_proj.lora_B all inf"),
            "3 tensors have values that are not finite (here `1` of `64`)",
            "v_proj.lora_A",
            3,
        ),
        (
            "LC431",
            ("values . 0.5", "values layers.0.*q_proj.lora_B all nan"),
            "1 tensor has values that are not finite (here `96` of `96`)",
            "q_proj.lora_B",
            1,
        ),
        (
            "LC432",
            ("values lora_A 0.5",),
            "`lora_B` is zero in each of 4 layers, so the adapter changes nothing",
            "q_proj.lora_B",
            4,
        ),
        (
            "LC432",
            ("values lora_B 0.5", "drop v_proj"),
            "`lora_A` is zero in each of 2 layers, so the adapter changes nothing",
            "q_proj.lora_B",
            2,
        ),
        (
            "LC432",
            ("values layers.0.*lora_A 0.5", "values layers.1.*lora_B 0.5"),
            "`lora_B` or `lora_A` is zero in each of 4 layers, so the adapter changes nothing",
            "q_proj.lora_B",
            4,
        ),
    ],
)
def test_values_in_a_file(
    code: str, lines: tuple[str, ...], message: str, place: str, count: int
) -> None:
    (found,) = (d for d in judged(*lines).diagnostics if d.code in ("LC431", "LC432"))
    assert (found.code, found.message, found.count) == (code, message, count)
    assert found.location.tensor == f"{ATTENTION}.{place}.weight"


HEAD = "base_model.model.score"
LABELS = made_with(task_type="TOKEN_CLS"), 'base {"labels": 2, "biases": true}'


def test_labels_of_a_head() -> None:
    lines = *LABELS, f"tensor {HEAD}.weight F32 [5, 16]"
    (found,) = (d for d in judged(*lines).diagnostics if d.code == "LC621")
    assert found.message == "the head `score` has `5` labels, but the base is configured for `2`"
    assert found.location.tensor == f"{HEAD}.weight"
    assert found.help == "load the base with `num_labels=5`"
    assert not list(check(subject(*LABELS)))


@pytest.mark.parametrize(
    ("name", "found", "expected", "is_of_labels"),
    [
        ("score.bias", (5,), (2,), True),
        ("score.out.weight", (5, 8), (2, 8), True),
        ("score.bias", (6,), (2,), False),
        ("score.bias", (4,), (2,), False),
        ("score.bias", (5,), (3,), False),
        ("score.bias", (5,), (1,), False),
        ("score.out.weight", (5, 8), (2, 9), False),
        ("scorer.bias", (5,), (2,), False),
        ("lm_head.bias", (5,), (2,), False),
    ],
)
def test_tensors_that_differ_in_the_labels_only(
    name: str, found: tuple[int, ...], expected: tuple[int, ...], is_of_labels: bool
) -> None:
    full = f"base_model.model.{name}"
    other = f"tensor {full} F32 {list(found)}"
    seen = subject(*LABELS, f"tensor {HEAD}.weight F32 [5, 16]", other)
    vars(seen)["replacing"] = {full: expected}  # the small Llama has no such parameters
    (one,) = check(seen)
    assert (full in one.explains) is is_of_labels


@pytest.mark.parametrize(
    ("code", "what", "hidden"),
    [("LC503", "the rule LC503", "LC503"), (None, "loracfg", "LC901")],
)
def test_crashes_name_what_to_ignore(code: str | None, what: str, hidden: str) -> None:
    found = crash_finding(ValueError("no"), find_rule(code) if code else None)
    assert found.message.startswith(f"{what} crashed in ")
    assert found.help.endswith(f"; `--ignore {hidden}` hides this finding")
