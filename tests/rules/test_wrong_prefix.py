"""Names with a wrong prefix, and the names that they should have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.analysis.misnamed import _change_of_prefix, renames_by_problem
from loracfg.base.architecture import Kind, Module
from loracfg.rules.tensors import lc502_wrong_prefix
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from tests.rules.subjects import made_with, on_base, subject, subject_on

P = "base_model.model."
Q = "model.layers.0.self_attn.q_proj.lora_A.weight"
SAVED = made_with(modules_to_save=["lm_head"])
HEAD = f"{P}lm_head.weight"
NOT, TWICE = f"do not begin with `{P}`", f"begin with `{P}` more than once"
BEFORE = f"have `thinker.` before `{P}`"
BARE, DOUBLE = "rename ^base_model.model. ->", f"rename ^ -> {P}"


@pytest.mark.parametrize(
    ("code", "lines", "problem", "first", "count"),
    [
        ("LC502", (BARE,), NOT, (Q, P + Q), 8),
        ("LC502", ("rename ^base_model. ->",), NOT, (f"model.{Q}", P + Q), 8),
        ("LC502", ("rename ^base_model. ->", "base none"), NOT, (f"model.{Q}", f"{P}model.{Q}"), 8),
        ("LC502", (DOUBLE, "base none"), TWICE, (P + P + Q, P + Q), 8),
        ("LC502", (DOUBLE,), TWICE, (P + P + Q, P + Q), 8),
        ("LC502", (f"rename ^ -> {P}{P}",), TWICE, (P + P + P + Q, P + Q), 8),
        ("LC502", ("rename ^ -> thinker.",), BEFORE, (f"thinker.{P}{Q}", P + Q), 8),
        (
            "LC502",
            ("rename ^ -> thinker.", "base none"),
            BEFORE,
            (f"thinker.{P}{Q}", f"{P}thinker.{Q}"),
            8,
        ),
        ("LC502", (BARE, "base none", "drop v_proj|layers.1"), NOT, (Q, P + Q), 2),
        ("LC502", (BARE, "drop v_proj|layers.1|lora_B"), NOT, (Q, P + Q), 1),
        # the modules are in the base under another path
        ("LC502", (f"rename ^{P}model -> text",), NOT, (f"text.{Q[6:]}", P + Q), 8),
        (
            "LC502",
            (f"rename ^{P}model -> text", "base none"),
            NOT,
            (f"text.{Q[6:]}", f"{P}text.{Q[6:]}"),
            8,
        ),
        # names of saved modules have a wrong prefix too
        ("LC502", (SAVED, BARE), NOT, (Q, P + Q), 9),
        ("LC502", (SAVED, DOUBLE), TWICE, (P + P + Q, P + Q), 9),
        ("LC502", (SAVED, "rename ^ -> thinker."), BEFORE, (f"thinker.{P}{Q}", P + Q), 9),
    ],
)
def test_names_with_a_wrong_prefix(
    code: str, lines: tuple[str, ...], problem: str, first: tuple[str, ...], count: int
) -> None:
    found = [one for one in judged(*lines).diagnostics if one.code == code]
    (one,) = found
    noun = "1 tensor" if count == 1 else f"{count} tensors"
    assert one.message == f"the names of {noun} {problem}"
    assert one.location.tensor == first[0]
    assert one.help == f"rename the tensors, this one to `{first[1]}`"
    assert one.count == count


def repaired(*lines: str, certain: bool = True) -> dict[str, str]:
    found = renames_by_problem(on_base(subject(*lines), certain=certain))
    return {old: new for group in found.values() for old, new in group}


@pytest.mark.parametrize("line", [BARE, DOUBLE, "rename ^ -> thinker."])
def test_saved_modules_are_renamed_in_the_same_way(line: str) -> None:
    whole = subject(SAVED).adapter.shapes.keys()
    assert set(repaired(SAVED, line).values()) == whole
    right = f"tensor {HEAD} F32 [32, 16]"
    # a name with the right prefix does not change
    lines = (line, right)
    assert HEAD not in repaired(*lines)
    assert set(repaired(*lines).values()) == whole - {HEAD}
    assert [one.code for one in judged(SAVED, line, "drop head", right).diagnostics] == ["LC502"]
    # nor does one with a different prefix
    other = "tensor lm_head.weight F32 [32, 16]"
    assert ("lm_head.weight" in repaired(line, other)) == (line == BARE)
    # nor does any if some tensors of layers have the right prefix
    some = line.replace("^", "^(?=.*(q_proj|head))")
    assert all("q_proj" in name for name in repaired(SAVED, some))


def test_saved_modules_keep_their_names_if_others_change_in_several_ways() -> None:
    ways = [f"rename ^{P}model(?=.*{end}_proj) -> {new}" for end, new in ("qa", "vb")]
    found = repaired(SAVED, *ways, f"rename ^{P}lm_head -> lm_head")
    assert {found[f"{way}{Q[5:].replace('q_', f'{end}_')}"] for end, way in ("qa", "vb")} == {
        P + Q,
        P + Q.replace("q_", "v_"),
    }
    assert "lm_head.weight" not in found


def test_a_prefix_change_is_the_part_that_differs() -> None:
    change = _change_of_prefix
    assert change("a.x.q", "b.x.q") == ("a", "b")
    assert change("b.x.q", "a.x.q") == ("b", "a")
    assert change("x.q", "b.x.q") == ("", "b.")
    assert change("b.x.q", "x.q") == ("b.", "")
    assert change("x", "x") == ("", "")


def test_the_base_is_searched_if_no_path_is_right() -> None:
    text = f"rename ^{P}model -> text"
    assert repaired(text)[f"text.{Q[6:]}"] == P + Q
    assert repaired(text, certain=False)[f"text.{Q[6:]}"] == f"{P}text.{Q[6:]}"
    some = (text, r"rename ^text.(layers.1) -> model.\1")
    assert repaired(*some)[f"text.{Q[6:]}"] == f"{P}text.{Q[6:]}"
    nowhere = (text, "rename q_proj -> lost")
    assert repaired(*nowhere)["text.layers.0.self_attn.lost.lora_A.weight"].startswith(f"{P}text.")


def test_a_part_before_the_prefix_is_kept_if_the_base_has_it() -> None:
    before = "rename ^ -> vision_tower."
    name = f"vision_tower.{P}{Q[6:]}"
    cut = f"rename {P}model. -> {P}"
    assert repaired(before, cut, 'base {"vision": 2}')[name] == f"{P}vision_tower.{Q[6:]}"
    assert repaired(before, cut, 'base {"vision": 2}', certain=False)[name] == (
        f"{P}vision_tower.{Q[6:]}"
    )
    files, base = build((before,))
    assert base
    paths = [f"vision_tower.{path}" for path in base.modules if path.endswith("q_proj")]
    added = {path: Module(path, Kind.LINEAR, "Linear", {"weight": (24, 16)}) for path in paths}
    both = subject_on(files, replace(base, modules={**base.modules, **added}))
    new = dict(pair for group in renames_by_problem(both).values() for pair in group)
    assert new[f"vision_tower.{P}{Q}"] == f"{P}vision_tower.{Q}"
    # decided by the modules that it has, not by those that it does not
    assert repaired("rename ^ -> thinker.", certain=False)[f"thinker.{P}{Q}"] == P + Q
    neither = repaired("rename ^ -> other.", "rename q_proj -> lost")
    lost = "model.layers.0.self_attn.lost.lora_A.weight"
    assert neither[f"other.{P}{lost}"] == f"{P}other.{lost}"


def test_only_a_part_of_the_prefix_may_be_missing() -> None:
    head = "lm_head.lora_A.weight"
    made = made_with(target_modules=["lm_head"])
    for begin in ("base_model.", "model.", ""):
        assert repaired(made, f"rename ^{P} -> {begin}")[begin + head] == P + head
    assert repaired("rename ^base_model. ->", certain=False)[f"model.{Q}"] == P + Q
    assert repaired(made, f"rename ^{P} -> other.")[f"other.{head}"] == P + head
    assert repaired(made, f"rename ^{P} -> model.", "base none")[f"model.{head}"] == (
        f"{P}model.{head}"
    )


def test_explained_names_are_not_renamed() -> None:
    found = subject(BARE)
    assert sum(map(len, renames_by_problem(found).values())) == 8
    rest = found.with_explained(frozenset({Q}))
    assert sum(map(len, renames_by_problem(rest).values())) == 7


def test_repaired_names_are_not_reported_as_missing() -> None:
    (found,) = lc502_wrong_prefix.check(subject(BARE))
    assert found.explains >= {Q, P + Q}
    assert len(found.explains) == 16
