"""Following advice to the letter makes nothing worse, if it is a config edit or a rename."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.adapter.directory import SAFETENSORS_NAME, read_adapter
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture
from loracfg.base.from_checkpoint.as_loaded import with_prefix
from loracfg.base.search import ResolvedBase
from loracfg.config import CONFIG_NAME
from loracfg.config.model.lora_config import LoraConfig
from loracfg.document.json_document import read_document
from loracfg.document.pointer import unescape
from loracfg.engine.engine import Engine
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.report.report import AdapterReport, Diagnostic
from loracfg.rules.registry import all_rules
from loracfg.testing.building.examples import CONFIG, Example, build, examples
from loracfg.testing.building.judging import OPTIONS
from loracfg.testing.building.surroundings import runtimes_of
from loracfg.testing.copies import Copy
from loracfg.testing.llama import BASE, llama
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes
from tests.cli.running import write_base

Config = dict[str, Any]
Names = dict[str, str]
Edit = Callable[[Config, Names, Diagnostic, re.Match[str]], None]

EXAMPLES: Final = [
    pytest.param(example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
]


def value_of(text: str) -> Any:
    """Return the value that a text in backticks stands for."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def at(config: Config, pointer: str) -> tuple[Any, Any]:
    """Return the container of the value at a pointer, and its key or index there."""
    *steps, last = pointer.split("/")[1:]
    holder: Any = config
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else unescape(step)]
    return holder, int(last) if isinstance(holder, list) else unescape(last)


def _write(config: Config, _: Names, d: Diagnostic, match: re.Match[str]) -> None:
    if d.code in ("LC101", "LC102"):
        config[match[1]] = config.pop((d.location.pointer or "").removeprefix("/"))
    else:
        holder, key = at(config, d.location.pointer or "")
        holder[key] = value_of(match[1])


def _write_for(config: Config, _: Names, __: Diagnostic, match: re.Match[str]) -> None:
    targets = config["target_modules"]
    for new, old in re.findall(r"write `([^`]+)` for `([^`]+)`", match[0]):
        targets[targets.index(old)] = new
    for gone in re.findall(r"`([^`]+)`", match[0].partition("remove ")[2]):
        targets.remove(gone)


def _instead(config: Config, _: Names, __: Diagnostic, match: re.Match[str]) -> None:
    config["target_modules"] = json.loads(match[1])


def _assign(config: Config, _: Names, d: Diagnostic, match: re.Match[str]) -> None:
    named = re.fullmatch(r"(\w+)\[(.+)\]", match[1])
    if match[1] == "it":
        holder, key = at(config, d.location.pointer or "")
        holder[key] = value_of(match[2])
    elif named:
        config[named[1]][named[2]] = value_of(match[2])
    else:
        config[match[1]] = value_of(match[2])


def _add(config: Config, _: Names, __: Diagnostic, match: re.Match[str]) -> None:
    config |= json.loads("{" + match[1] + "}")


def _remove(config: Config, _: Names, d: Diagnostic, __: re.Match[str]) -> None:
    for text in re.findall(r"`([^`]+)`", d.message.partition(" in `target_modules`")[0]):
        if text in config.get("target_modules", ()):
            config["target_modules"].remove(text)
    if d.code != "LC618":
        for place in (d.location, *(related.location for related in d.related)):
            holder, key = at(config, place.pointer or "")
            del holder[key]


def _unset(config: Config, _: Names, __: Diagnostic, match: re.Match[str]) -> None:
    config.pop(match[1])


def _list(config: Config, _: Names, __: Diagnostic, match: re.Match[str]) -> None:
    config["target_modules"] = re.findall(r"`([^`]+)`", match[1])


def _ranks(config: Config, _: Names, d: Diagnostic, match: re.Match[str]) -> None:
    path = (d.related[0].location.tensor or "").removeprefix("base_model.model.")
    end = path.partition(".lora_")[0].rpartition(".")[2]
    config["rank_pattern"] = {**(config.get("rank_pattern") or {}), end: int(match[1])}
    if match[2]:
        config["alpha_pattern"] = {**(config.get("alpha_pattern") or {}), end: int(match[2])}


def _rename(_: Config, names: Names, d: Diagnostic, match: re.Match[str]) -> None:
    """Rename the tensor as advised, and make the same change to other names with that ending."""
    old, new = (d.location.tensor or "").split("."), match[1].split(".")
    same = [one == other for one, other in zip(old, new, strict=False)]
    begin = (*same, False).index(False)
    rest = min(len(old), len(new)) - begin
    ends = [one == other for one, other in zip(old[::-1], new[::-1], strict=False)][:rest]
    tail = (*ends, False).index(False)
    gone, put = old[begin : len(old) - tail], new[begin : len(new) - tail]
    for name in names:
        steps = name.split(".")
        if steps[-1] != old[-1]:
            continue
        at = begin if steps[begin : begin + len(gone)] == gone else len(steps) - tail - len(gone)
        if steps[at : at + len(gone)] == gone:
            names[name] = ".".join([*steps[:at], *put, *steps[at + len(gone) :]])


def _rename_paths(_: Config, names: Names, __: Diagnostic, match: re.Match[str]) -> None:
    for old, new in re.findall(r"`([^`]+)` -> `([^`]+)`", match[0]):
        for name, given in names.items():
            path = given.removeprefix("base_model.model.")
            if path.startswith(old):
                names[name] = f"base_model.model.{new}{path.removeprefix(old)}"


def _swap(_: Config, names: Names, __: Diagnostic, ___: re.Match[str]) -> None:
    for name in names:
        swapped = re.sub(r"lora_([AB])", lambda m: "lora_" + {"A": "B", "B": "A"}[m[1]], name)
        names[name] = swapped


ADVICE: Final[dict[str, Edit]] = {
    r"write `([^`]+)` for .+": _write_for,
    r"write the string `([^`]+)` instead of the list": _instead,
    r"write the list `([^`]+)`": _instead,
    r"write `([^`]+)`(?:, .*)?": _write,
    r'write `"lora_alpha": (\d+)` if that is the value used in training': _write,
    r"set `([^`]+)` to `([^`]+)`.*": _assign,
    r"set (it) to `([^`]+)`.*": _assign,
    r'add `("[^`]+)`': _add,
    r"remove (?:it|them|the keys?)": _remove,
    r"remove it, or set .*": _remove,
    r".*, or unset `([^`]+)` if it was trained without": _unset,
    r"set `target_modules` to the modules that were adapted: (.+)": _list,
    r"list the modules that have tensors: (.+)": _list,
    r"give these modules rank `(\d+)` in `rank_pattern`(?: and alpha `(\d+)`)?.*": _ranks,
    r"rename the tensors.*, this one to `([^`]+)`": _rename,
    r".*rename its tensors: .*": _rename_paths,
    r"swap the names of A and B: .*": _swap,
    r"if `.+` was not trained, leave it out with `(exclude_modules)` set to `([^`]+)`": _assign,
}
"""The edit for each form of help."""


def edit_of(d: Diagnostic) -> tuple[Edit, re.Match[str]] | None:
    for pattern, edit in ADVICE.items():
        if match := re.fullmatch(pattern, d.help):
            return edit, match
    return None


def write(files: MemoryFiles, folder: Path) -> Path:
    for name, data in files.contents.items():
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(data)
    return folder


def followed(d: Diagnostic, files: MemoryFiles) -> MemoryFiles | None:
    """Return the files after following a finding's help, or None if the help is not an edit."""
    found = edit_of(d)
    if found is None:
        return None
    edit, match = found
    contents = dict(files.contents)
    config = json.loads(contents[CONFIG_NAME].decode("utf-8-sig"))
    tensors = []
    if SAFETENSORS_NAME in contents:
        with files.open(SAFETENSORS_NAME) as stream:
            header, _ = read_safetensors(stream, len(contents[SAFETENSORS_NAME]), "")
        tensors = list(header.tensors.values()) if header else []
    names = {tensor.name: tensor.name for tensor in tensors}
    edit(config, names, d, match)
    contents[CONFIG_NAME] = json.dumps(config).encode()
    if any(old != new for old, new in names.items()):
        renamed = [tensor._replace(name=names[tensor.name]) for tensor in tensors]
        contents[SAFETENSORS_NAME] = safetensors_bytes(renamed)
    return MemoryFiles(contents)


def badness(report: AdapterReport) -> tuple[int, int]:
    """Return how many errors there are, and how many tensors are not applied."""
    coverage = report.coverage
    open_tensors = max(coverage.expected or 0, coverage.tensors) - (coverage.applied or 0)
    return report.count("error"), open_tensors


@pytest.mark.parametrize("example", EXAMPLES)
def test_advice_makes_nothing_worse(example: Example, tmp_path: Path) -> None:
    files = build(example.lines)[0]
    base = str(write_base(tmp_path / "base"))
    options = Options(base=base, pattern_seconds=0.3, runtimes=runtimes_of(example.lines))

    def report_on(given: MemoryFiles, name: str) -> AdapterReport:
        if "planned" in example.lines:
            document, faults = read_document(given.contents[CONFIG_NAME], CONFIG_NAME)
            return Engine(options).open_planned(document, faults=faults).report
        (tmp_path / name).mkdir()
        return validate(write(given, tmp_path / name), options).adapters[0]

    before = report_on(files, "before")
    for number, finding in enumerate(before.diagnostics):
        after = followed(finding, files)
        if after is None:
            continue
        found = report_on(after, f"after-{number}")
        assert finding.message not in {d.message for d in found.diagnostics}
        errors, lost = badness(before)
        assert badness(found)[0] <= errors, finding.help
        is_lost = badness(found)[1] > lost and "planned" not in example.lines
        assert not is_lost, finding.help


def on_nested_tower(targets: Any) -> tuple[Copy, Architecture]:
    """Return an adapter and a base with both text and vision below `model`."""
    base = with_prefix(llama(BASE | {"vision": 1}), "model")
    config = LoraConfig.model_validate(CONFIG | {"target_modules": targets})
    plan = build_plan(config, base, PatternBudget())
    tensors = {name: Tensor(name, "F32", one.shape) for name, one in plan.tensors.items()}
    return Copy(json.loads(json.dumps(config.to_dict())), tensors), base


@pytest.mark.parametrize(
    ("code", "made_of"),
    [("LC617", "model.(?!vision).*q_proj"), ("LC631", ["q_proj"])],
)
def test_the_advised_pattern_matches_only_the_part(code: str, made_of: Any) -> None:
    copy, base = on_nested_tower(made_of)
    copy.config["target_modules"] = ["q_proj"]
    (found,) = judged_on(copy, base).diagnostics
    assert found.code == code
    (pattern,) = re.findall(r"`exclude_modules` set to `(.+)`", found.help)
    assert json.loads(f'"{pattern}"') == pattern  # it can be copied into a config unchanged
    taken = {path for path in base.paths() if re.fullmatch(pattern, path)}
    assert taken == {path for path in base.paths() if path.startswith("model.vision_tower")}
    assert not re.fullmatch(pattern, "other.model_vision_tower.q_proj")
    copy.config["exclude_modules"] = pattern
    if code == "LC631":  # its advice is to train again
        copy.tensors = {n: t for n, t in copy.tensors.items() if "vision_tower" not in n}
    assert judged_on(copy, base).diagnostics == ()


def judged_on(copy: Copy, base: Architecture) -> AdapterReport:
    return Engine(OPTIONS).open_read(read_adapter(copy.written()), ResolvedBase(base)).report
