"""What the functions of the library take, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

import loracfg
from loracfg.errors import LoracfgError
from tests.cli.running import ROOT

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "validate": loracfg.validate,
    "inspect": loracfg.inspect,
    "fix": loracfg.fix,
}
TEXTS: Final = "pass a string or several strings"
PATH: Final = "pass a string or a `Path`"


@pytest.fixture(autouse=True)
def in_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs/examples")


@pytest.mark.parametrize(
    "arguments",
    [
        {"base": Path("base")},
        {"runtimes": ["vllm"]},
        {"runtimes": "vllm"},
        {"ignore": ["LC7"]},
        {"ignore": "LC7"},
        {"select": {"LC7"}},
        {"select": dict.fromkeys(("LC7", "LC8")).keys()},
        {"pattern_seconds": 1},
    ],
    ids=str,
)
def test_sensible_arguments(arguments: Mapping[str, Any]) -> None:
    (report,) = loracfg.validate("adapter", **{"base": "base", **arguments}).adapters
    assert (report.status, report.diagnostics) == ("valid", ())


def test_options_are_the_same_in_each_form() -> None:
    several = loracfg.Options(base="base", ignore=("LC7",), runtimes=("vllm",))
    assert loracfg.Options(base=Path("base"), ignore=["LC7"], runtimes="vllm") == several
    assert loracfg.Options()._replace(base=Path("base"), ignore="LC7", runtimes="vllm") == several  # type: ignore[arg-type]  # converted
    assert hash(several)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bse": "base"}, "there is no argument `bse`; did you mean `base`?; "),
        ({"ignores": "LC7"}, "there is no argument `ignores`; did you mean `ignore`?; "),
        ({"q": 1}, "there is no argument `q`; `help(loracfg.Options)` lists the arguments"),
        ({"base": 5}, f"`base` cannot be `5`; {PATH}"),
        ({"base": b"base"}, f"`base` cannot be `b'base'`; {PATH}"),
        ({"class_name": 5}, "`class_name` cannot be `5`; pass a string"),
        ({"peft": 0.12}, "`peft` cannot be `0.12`; pass a string"),
        ({"select": 5}, f"`select` cannot be `5`; {TEXTS}"),
        ({"ignore": [7]}, f"`ignore` cannot be `[7]`; {TEXTS}"),
        ({"ignore": None}, f"`ignore` cannot be `None`; {TEXTS}"),
        ({"runtimes": [None]}, f"`runtimes` cannot be `[None]`; {TEXTS}"),
        ({"online": 1}, "`online` cannot be `1`; pass `True` or `False`"),
        ({"preview": "no"}, "`preview` cannot be `'no'`; pass `True` or `False`"),
        ({"pattern_seconds": "2"}, "`pattern_seconds` cannot be `'2'`; pass a number of seconds"),
        ({"pattern_seconds": -1}, "`pattern_seconds` cannot be `-1`; pass a number of seconds"),
        ({"pattern_seconds": True}, "`pattern_seconds` cannot be `True`; pass a number of seconds"),
    ],
    ids=str,
)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_other_arguments_are_refused(name: str, arguments: Mapping[str, Any], message: str) -> None:
    with pytest.raises(LoracfgError) as caught:
        FUNCTIONS[name]("adapter", **arguments)
    assert str(caught.value).startswith(message)


def test_options_refuse_the_same() -> None:
    for make in (loracfg.Options, loracfg.Options()._replace):
        with pytest.raises(LoracfgError, match="`ignore` cannot be `5`"):
            make(ignore=5)  # type: ignore[arg-type]  # what is wrong
        with pytest.raises(LoracfgError, match=r"`policy` cannot be `\{\}`; pass a"):
            make(policy={})  # type: ignore[arg-type]  # what is wrong
        with pytest.raises(LoracfgError, match="`base_place` cannot be `5`; pass a `Location`"):
            make(base_place=5)  # type: ignore[arg-type]  # what is wrong


def test_engines_of_compat() -> None:
    names = [
        [verdict.runtime.profile.name for verdict in loracfg.compat("adapter", runtimes, base=base)]
        for runtimes in ("vllm", ["vllm"], {"vllm"})
        for base in (None, "base", Path("base"))
    ]
    assert names == [["vllm"]] * 9
    with pytest.raises(LoracfgError, match="`runtimes` cannot be `5`"):
        loracfg.compat("adapter", 5)  # type: ignore[arg-type]  # what is wrong


@pytest.mark.parametrize("wrong", [5, None, b"adapter"])
def test_paths_are_checked(wrong: Any) -> None:
    for paths in (wrong, ["adapter", wrong]):
        with pytest.raises(LoracfgError, match=f"`paths` cannot be `.*`; {PATH}"):
            loracfg.validate(paths)
    for call in (loracfg.inspect, loracfg.fix, loracfg.compat):
        with pytest.raises(LoracfgError, match=f"`path` cannot be `.*`; {PATH}"):
            call(wrong)
    with pytest.raises(LoracfgError, match=r"`to` cannot be `0\.12`; pass a string"):
        loracfg.migrate("adapter", 0.12)  # type: ignore[arg-type]  # what is wrong
