"""Entries of the config that match nothing in the base."""

from __future__ import annotations

import pytest

from loracfg.analysis.target_matches import tensors_without_target, unmatched_targets
from loracfg.rules.base import lc618_unmatched_target, lc628_unmatched_name
from loracfg.rules.rule import Finding
from loracfg.testing.building.judging import codes
from tests.rules.subjects import config, made_with, on_base, planned, subject

QV = ["q_proj", "v_proj"]
MADE = made_with(target_modules=["q_proj", "k_proj"])
EXPERTS = 'base {"experts": 4}'


def of_targets(*lines: str) -> Finding | None:
    return next(iter(lc618_unmatched_target.check(subject(*lines))), None)


@pytest.mark.parametrize(
    ("code", "lines", "message", "help_", "place"),
    [
        ("LC618", (config(target_modules=["c_attn", *QV]),), "`c_attn` matches no", "remove it", 0),
        (
            "LC618",
            (config(target_modules=[*QV, "x", "y", "z"]),),
            "`x`, `y` and `z` match no",
            "remove them",
            2,
        ),
        (
            "LC618",
            (
                made_with(target_modules=["q_proj", "k_proj"]),
                config(target_modules=["q_proj", "k_prj"]),
            ),
            "`k_prj` matches no",
            "write `k_proj`",
            1,
        ),
        (
            "LC618",
            (
                made_with(target_modules=["q_proj", "k_proj", "up_proj"]),
                config(target_modules=["q_proj", "k_prj", "c_attn", "up_prj"]),
            ),
            "`k_prj`, `c_attn` and `up_prj` match no",
            "write `k_proj` for `k_prj` and write `up_proj` for `up_prj` and remove `c_attn`",
            1,
        ),
        (
            "LC618",
            (
                made_with(target_modules=["q_proj", "k_proj", "up_proj"]),
                config(target_modules=["q_proj", "k_prj", "up_prj"]),
            ),
            "`k_prj` and `up_prj` match no",
            "write `k_proj` for `k_prj` and write `up_proj` for `up_prj`",
            1,
        ),
        # without tensors, any linear layer may be the right one
        (
            "LC618",
            (config(target_modules=["q_proj", "k_prj"]), "weights none"),
            "`k_prj`",
            "write `k_proj`",
            1,
        ),
        # with tensors, only layers that have some and are not targets
        ("LC618", (config(target_modules=[*QV, "k_prj"]),), "`k_prj` matches no", "remove it", 2),
    ],
)
def test_targets_without_a_module_are_named(
    code: str, lines: tuple[str, ...], message: str, help_: str, place: int
) -> None:
    assert code == lc618_unmatched_target.RULE.code
    found = of_targets(*lines)
    assert found
    assert found.message.replace(" in `target_modules`", "").startswith(message)
    assert found.help == help_
    assert found.location.pointer == f"/target_modules/{place}"
    assert found.count == found.message.count("`") / 2 - 1


def test_targets_that_cannot_be_checked() -> None:
    wrong = subject(config(target_modules=[*QV, "x"]))
    assert unmatched_targets(wrong) == ["x"]
    assert unmatched_targets(on_base(wrong, certain=False)) == []
    assert unmatched_targets(planned(wrong, plan=None)) == []
    assert unmatched_targets(subject(config(target_modules=["x"]), "drop .")) == []
    assert unmatched_targets(subject(config(target_modules=".*q_proj"))) == []
    assert unmatched_targets(subject()) == []
    assert of_targets() is None


def test_only_factors_are_lost_if_nothing_is_targeted() -> None:
    nothing = config(target_modules=["x"])
    norm = "tensor base_model.model.model.norm.weight F32 [16]"
    assert tensors_without_target(seen := subject(nothing, norm)) == seen.adapter.names.keys()
    assert tensors_without_target(on_base(seen, certain=False)) == frozenset()
    assert tensors_without_target(subject(nothing, "drop .", norm)) == frozenset()
    assert tensors_without_target(subject(norm)) == frozenset()


def test_names_of_modules_that_select_nothing_are_not_mistakes() -> None:
    assert unmatched_targets(subject(config(target_modules=[*QV, "self_attn"]))) == []
    held = config(target_modules=[*QV, "lost"]), "rename layers.1.*q_proj -> a.lost"
    assert unmatched_targets(subject(*held)) == []  # there are tensors for it
    old = config(target_modules=["q_proj", "gate_proj", "up_proj", "x"])
    assert unmatched_targets(subject(old, EXPERTS)) == ["x"]
    plain = config(target_modules=["q_proj", "gate_proj", "w1"])
    assert unmatched_targets(subject(plain)) == ["w1"]


def others(*lines: str) -> list[tuple[str, str, str | None, int]]:
    found = lc628_unmatched_name.check(subject(*lines))
    return [(one.message, one.help, one.location.pointer, one.count) for one in found]


EXCLUDED = config(exclude_modules=["a", "k_proj", "b", "c"])
PARAMETERS = made_with(target_modules=["q_proj"], target_parameters=["v_proj.weight"])


def test_entries_without_a_module_are_named() -> None:
    assert others(EXCLUDED) == [
        (
            "`a`, `b` and `c` in `exclude_modules` match no module of the base",
            "remove them",
            "/exclude_modules/0",
            3,
        )
    ]
    assert others(config(exclude_modules=["k_proj", "b"])) == [
        (
            "`b` in `exclude_modules` matches no module of the base",
            "remove it",
            "/exclude_modules/1",
            1,
        )
    ]
    assert others(config(exclude_modules=".*x.*")) == [
        (
            "`.*x.*` in `exclude_modules` matches no module of the base",
            "remove it",
            "/exclude_modules",
            1,
        )
    ]
    assert others(config(exclude_modules=r".*\.v_proj")) == []
    assert others(config(exclude_modules="")) == []
    assert others(config(exclude_modules=[])) == others() == []


def test_lists_of_layers_that_the_base_does_not_have() -> None:
    layers = {"layers_to_transform": [0, 1]}
    assert others(config(**layers, layers_pattern=["a", "layers", "b"])) == [
        (
            "`a` and `b` in `layers_pattern` match no module of the base",
            "remove them",
            "/layers_pattern/0",
            2,
        )
    ]
    assert others(config(**layers, layers_pattern="layers")) == []
    assert others(config(**layers, layers_pattern=["layers", "h.*"])) == []  # which may match one
    assert others(config(**layers, exclude_modules=["k_proj"])) == []
    assert others(config(**layers)) == []
    assert others(config(layers_to_transform=[], layers_pattern=["h"])) == []
    # what is a list, and not a module in one
    assert others(config(**layers, layers_pattern=["layers", "self_attn"])) == [
        (
            "`self_attn` in `layers_pattern` matches no module of the base",
            "remove it",
            "/layers_pattern/1",
            1,
        )
    ]


def test_parameters_that_the_base_does_not_have() -> None:
    given = ["v_proj.weight", "v_proj.wait", "model.norm.weight", "self_attn"]
    (found,) = others(PARAMETERS, config(target_parameters=given))
    assert found == (
        "`v_proj.wait` and `self_attn` in `target_parameters` match no parameter of the base",
        "remove them",
        "/target_parameters/1",
        2,
    )
    assert others(PARAMETERS) == []
    assert others(config(target_parameters=["experts.gate_up_proj"]), EXPERTS) == []
    seen = subject(config(target_parameters=["experts.up"]), EXPERTS)
    assert list(lc628_unmatched_name.check(seen))
    # single experts are modules, of which no parameter is a target
    assert not list(lc628_unmatched_name.check(planned(seen, unstacked=True)))


def test_entries_that_cannot_be_checked() -> None:
    wrong = subject(EXCLUDED)
    assert list(lc628_unmatched_name.check(wrong))
    assert not list(lc628_unmatched_name.check(on_base(wrong, certain=False)))
    assert not list(lc628_unmatched_name.check(planned(wrong, plan=None)))
    assert others(EXCLUDED, "rename q_proj -> lost") == []
    assert others(EXCLUDED, config(target_modules=["x"]), "drop .") == []


def test_each_field_has_its_own_finding() -> None:
    both = config(exclude_modules=["a"], layers_to_transform=[0, 1], layers_pattern=["layers", "h"])
    assert codes(both) == ["LC628", "LC628"]
    assert codes(EXCLUDED, "base none") == []
