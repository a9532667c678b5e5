"""Interprets loops over all keys of a config that use those with a prefix.

They set its value under the key without the prefix. The known keys of the class are
interpreted one by one; no other key in a file may have the prefix.
"""

from __future__ import annotations

import ast
import inspect
from typing import Any

from loracfg.base.derivation.interpreter.expressions import CONFIG, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.values import Symbol, Value


def prefixed_keys(machine: Machine, loop: ast.For, iterable: Value) -> list[str]:
    """Return the keys with the prefix that a loop looks for; none if it is a different loop."""
    prefix = _prefix(loop)
    if prefix is None or not isinstance(iterable, Symbol):
        return []
    all_keys = expression("call", "items", expression("mcall", CONFIG, "to_dict"))
    model: Any = next(iter(machine.instances()), None)
    if iterable.expression is not all_keys or model is None:
        return []
    config_class = model.cls.config_class
    known = getattr(config_class, "__dataclass_fields__", None)
    names = known or inspect.signature(config_class.__init__).parameters
    return [name for name in names if name.startswith(prefix)]


def without_keys(loop: ast.For, names: list[str]) -> ast.For:
    """Return a loop that skips some keys."""
    assert isinstance(loop.target, ast.Tuple)
    known = ast.Tuple([ast.Constant(name) for name in names])
    is_other = ast.Compare(loop.target.elts[0], [ast.NotIn()], [known])
    body: list[ast.stmt] = [ast.If(is_other, loop.body, [])]
    return ast.For(loop.target, loop.iter, body, loop.orelse)


def _prefix(loop: ast.For) -> str | None:
    """Return `x` of a loop over items whose whole body is under `if key.startswith(x)`."""
    target, body = loop.target, loop.body
    if not isinstance(target, ast.Tuple) or len(target.elts) != 2 or len(body) != 1:
        return None
    (statement,) = body
    if not isinstance(statement, ast.If) or statement.orelse:
        return None
    test = statement.test
    if not isinstance(test, ast.Call) or len(test.args) != 1 or test.keywords:
        return None
    wanted, prefix = f"{ast.unparse(target.elts[0])}.startswith", test.args[0]
    if ast.unparse(test.func) != wanted or not isinstance(prefix, ast.Constant):
        return None
    return prefix.value if isinstance(prefix.value, str) else None
