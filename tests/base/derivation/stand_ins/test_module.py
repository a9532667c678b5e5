"""Modules register and reject the same as torch's."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.base.derivation.stand_ins.oracle import agree

NAME: Final = st.sampled_from(["a", "b", "weight"])
ODD_NAME: Final = NAME | st.sampled_from(["", "a.b", "forward"])
KINDS: Final = {
    "assign": ("module", "parameter", "tensor", "none", "number"),
    "add_module": ("module", "none"),
    "register_parameter": ("parameter", "none"),
    "register_buffer": ("tensor", "none"),
    "hide": ("tensor", "none"),
    "delete": ("none",),
    "read": ("none",),
}
"""The ways to register something, and what can be registered."""
STEP: Final = st.sampled_from([(kind, what) for kind, them in KINDS.items() for what in them])
VALUES: Final = {
    "module": "nn.Linear(config.n, 3)",
    "parameter": "nn.Parameter(torch.zeros(config.n))",
    "tensor": "torch.zeros(5)",
    "number": "6",
    "none": "None",
}


def taken(owner: str, kind: str, name: str, what: str) -> str:
    """Return a statement that registers something under `name`, which is an expression."""
    value = VALUES[what]
    match kind:
        case "assign":
            return f"setattr({owner}, {name}, {value})"
        case "hide":
            return f"{owner}.register_buffer({name}, {value}, persistent=False)"
        case "delete":
            return f"delattr({owner}, {name})"
        case "read":
            return f"getattr({owner}, {name})"
    return f"{owner}.{kind}({name}, {value})"


@given(
    steps=st.lists(st.tuples(STEP, NAME, st.booleans() | st.none()), max_size=5), flag=st.booleans()
)
@settings(deadline=None, max_examples=settings().max_examples * 4)
def test_registrations(steps: list[tuple[tuple[str, str], str, bool | None]], flag: bool) -> None:
    """Steps run always, or only if the config says so."""
    lines = []
    for (kind, what), name, condition in steps:
        statement = taken("self", kind, repr(name), what)
        if condition is None:
            lines.append(statement)
        else:
            lines.append(f"if config.flag is {condition}:\n    {statement}")
    agree("\n".join(lines) or "pass", {"n": 4, "flag": flag})


@given(step=STEP, name=ODD_NAME)
@settings(deadline=None)
def test_names_from_the_config(step: tuple[str, str], name: str) -> None:
    agree(taken("self", step[0], "config.name", step[1]), {"n": 4, "name": name})


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (kind, what)
        for kind, them in KINDS.items()
        for what in them
        if kind not in ("delete", "read")
    ],
)
def test_common_code_is_followed(kind: str, what: str) -> None:
    assert agree(taken("self", kind, "'a'", what), {"n": 4})


COMPUTED: Final = st.sampled_from(["f'a{config.m}'", "f'b{config.m}'", "'c1'", "f'a{config.n}'"])
TEST: Final = st.sampled_from(["config.flag", "not config.flag", "config.n > 1", "config.n == 2"])


@st.composite
def named_by_branches(draw: st.DrawFn, depth: int = 2) -> list[str]:
    """Draw statements that register modules under computed names, in branches and loops."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["one", "one", "loop", *["branch"] * bool(depth)]))
        if kind == "one":
            lines.append(f"inner.add_module({draw(COMPUTED)}, nn.Linear(config.n, 1))")
        elif kind == "loop":
            lines.append("for i in range(config.n - 1):")
            lines.append(f"    inner.add_module(f'l{{i}}_{len(lines)}', nn.Linear(1, config.m))")
        else:
            lines.append(f"if {draw(TEST)}:")
            lines += [f"    {one}" for one in draw(named_by_branches(depth - 1))]
            if draw(st.booleans()):
                lines.append("else:")
                lines += [f"    {one}" for one in draw(named_by_branches(depth - 1))]
    return lines


@given(named_by_branches(), st.booleans(), st.integers(1, 4), st.integers(0, 4))
@settings(deadline=None)
def test_computed_names_in_branches(lines: list[str], flag: bool, n: int, m: int) -> None:
    body = "\n".join(["inner = nn.Module()", *lines, "self.inner = inner"])
    agree(body, {"flag": flag, "n": n, "m": m})


@pytest.mark.parametrize(("flag", "n"), [(True, 4), (False, 4), (False, 0)])
def test_a_loop_of_one_branch_is_followed(flag: bool, n: int) -> None:
    body = """\
inner = nn.Module()
if config.flag:
    for i in range(config.n // config.n + 1):
        inner.add_module(f"layer_{i}", nn.Linear(i, 1))
self.inner = inner
"""
    assert agree(body, {"flag": flag, "n": n})


SHARED: Final = """\
shared = nn.Linear(config.n, 2)
inner = nn.Sequential(shared, nn.BatchNorm1d(config.n))
self.first = inner
self.again = shared
self.deep = nn.ModuleList([inner])
self.absent = None
self.register_parameter("nothing", None)
"""


def test_a_module_in_several_places_is_named_after_the_first() -> None:
    assert agree(SHARED, {"n": 2})


@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from([-2, -1, 0, 1, 2, 3, None]),
    st.sampled_from(["weight", "none"]),
    st.booleans(),
    st.sampled_from(["Linear", "Conv1d", "ConvTranspose2d"]),
)
@settings(deadline=None)
def test_weight_norm(
    into: int, out: int, dim: int | None, name: str, is_old: bool, layer: str
) -> None:
    kernel = "" if layer == "Linear" else ", 3"
    norm = "weight_norm" if is_old else "parametrized_weight_norm"
    body = f"self.one = {norm}(nn.{layer}(config.into, {out}{kernel}), name={name!r}, dim={dim})"
    agree(body, {"into": into})


@pytest.mark.parametrize("norm", ["weight_norm", "parametrized_weight_norm"])
def test_common_weight_norms_are_followed(norm: str) -> None:
    body = f"self.one = {norm}(nn.Conv1d(config.n, 4, 3), dim=2)"
    assert agree(body, {"n": 2})


@pytest.mark.parametrize("value", ["None", "nn.Linear(config.n, 2)"])
def test_none_has_a_place(value: str) -> None:
    body = f"""\
self.add_module("first", {value})
self.second = nn.Linear(config.n, 3)
self.first = nn.Linear(config.n, 1)
"""
    assert agree(body, {"n": 2})
