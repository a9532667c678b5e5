"""Weights that a class ties in `_tie_weights` must keep their shapes, or the config is declined."""

from __future__ import annotations

from typing import Final

import pytest

from loracfg.base.derivation.interpreter.expressions import Expression
from loracfg.base.derivation.interpreter.interpretation import interpret
from loracfg.base.derivation.interpreter.tying import require_equal_shapes
from loracfg.base.derivation.interpreter.values import NotFollowed
from tests.base.derivation.stand_ins.oracle import model_class

HEAD: Final = """\
class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.decoder = nn.Linear(config.n, config.m)
        self.bias = nn.Parameter(torch.zeros(config.m))
        self.three = nn.Parameter(torch.zeros(3))
        self.other = nn.Parameter(torch.zeros(config.n))
        self.wide = nn.Parameter(torch.zeros(2, config.n))
        self.open = nn.Parameter(torch.zeros(tuple(s for s in (config.n, 2) if s > 2)))
        self.one = AutoModel.from_config(config.part)
        self.flag = config.flag

    def _tie_weights(self):
        {body}
"""
BIAS: Final = "self.decoder.bias = "
SAME: Final = "('==', ('.', ('c',), 'm'), ('.', ('c',), 'm'))"
OTHER: Final = "('==', ('.', ('c',), 'm'), ('.', ('c',), 'n'))"
TYPE: Final = "('.', ('.', ('c',), 'part'), 'model_type')"
SHARED: Final = f"('in', {TYPE}, ('tuple', 't5', 'mt5', 'umt5'))"
TIES: Final = {
    "pass": [],
    "self.three = nn.Parameter(torch.zeros(3))": [],
    BIAS + "self.bias": [SAME],
    BIAS + "self.other": [OTHER],
    BIAS + "self.other if self.flag else self.bias": [OTHER, SAME],
    "self.embed_tokens = self.one.shared": [SHARED],
}
"""What the method does, and what it requires of a config."""


def required(body: str, constructor: str = "self.head = Head(config)") -> list[str]:
    """Return what must be known besides what the constructor requires."""
    cls = model_class(constructor, HEAD.format(body=body))
    found = interpret(cls.__module__, cls)
    machine = found.interpreter
    before = len(machine.checks)
    require_equal_shapes(machine, found.inputs, found.outputs)
    checks = [check for _, check in machine.checks[before:] if isinstance(check, Expression)]
    return [str(check[1]) for check in checks if check[0] == "known"]


@pytest.mark.parametrize("body", TIES)
def test_ties_keep_shapes(body: str) -> None:
    assert required(body) == TIES[body]


UNKNOWN_TIES: Final = [BIAS + "self.wide", BIAS + "self.open", BIAS + "self.one.x", "self.flag = 3"]


@pytest.mark.parametrize("body", UNKNOWN_TIES)
def test_ties_without_a_rule_decline(body: str) -> None:
    with pytest.raises(NotFollowed, match=r"^parameters that are tied$"):
        required(body)


def test_ties_of_layers() -> None:
    body = "self.heads = nn.ModuleList([Head(config) for _ in range(config.n)])"
    assert required(BIAS + "self.other", body) == [OTHER]
