"""The rules on a project's policy: both sides of each limit, and that nothing runs without one."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.analysis.model_card import can_read_card, licenses_of
from loracfg.analysis.policy import Policy
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import codes, judged
from loracfg.testing.memory_files import MemoryFiles

COMMIT = "0123456789abcdef0123456789abcdef01234567"
BROKEN = ("weights pickled", 'config {"r": 64, "modules_to_save": ["lm_head"]}', "file a.pkl x")


def found(*lines: str) -> list[str]:
    return [code for code in codes(*lines) if code.startswith("LC91")]


def test_nothing_is_found_without_a_policy() -> None:
    assert found(*BROKEN) == []
    assert found("policy {}", *BROKEN) == []


@pytest.mark.parametrize(
    ("patterns", "named", "is_allowed"),
    [
        ('["meta-llama/*"]', "meta-llama/Llama-3.1-8B", True),
        ('["meta-llama/*"]', "meta-llama2/Llama-3.1-8B", False),
        ('["meta-llama/*"]', "meta-llama", False),
        ('["llama"]', "llama", True),
        ('["llama"]', "example/llama", False),
        ('["*/llama"]', "example/llama", True),
        ('["*"]', "example/llama", False),
        ('["**"]', "example/llama", True),
        ('["bases/*"]', "./bases/llama/", True),
        ('["bases"]', "bases/llama", False),
        ('["a/b", "example/llama"]', "example/llama", True),
        ("[]", "example/llama", False),
    ],
)
def test_bases(patterns: str, named: str, is_allowed: bool) -> None:
    lines = f'policy {{"bases": {patterns}}}', f'config {{"base_model_name_or_path": "{named}"}}'
    assert found(*lines) == ([] if is_allowed else ["LC911"])


def test_a_folder_is_allowed_by_its_path_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models" / "llama").mkdir(parents=True)
    policy = Policy(bases=("models/*",), folder=str(tmp_path))
    assert policy.allows_base(str(tmp_path / "models" / "llama"))
    assert not policy.allows_base(str(tmp_path / "models"))
    assert not policy.allows_base(str(tmp_path / "models" / "none"))
    monkeypatch.chdir(tmp_path / "models")
    assert policy.allows_base("llama")
    assert policy.allows_base("../models/llama")
    assert not policy.allows_base("other")


def test_a_policy_of_no_file_has_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models" / "llama").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert Policy(bases=("models/*",)).allows_base(str(tmp_path / "models" / "llama"))
    assert Policy().allows_base("anything")


LICENSES: Final = (
    *("license: mit\n", "license: 'mit' # ours\n", '"license": mit\n', "license: null\n"),
    *("license:\n- mit\n- bsd\n", "license:\n  - mit\n", "license: [mit, bsd]\n", "license:\n"),
    *("license: [mit,\n  bsd]\n", "license:\n  mit\n", "license: >-\n  mit\n", "license: ~\n"),
    *("license: |-\n  mit\n", "license: bsd\nlicense: mit\n", "a: {license: mit}\n", ""),
)
"""Ways to write licenses."""


@pytest.mark.parametrize(
    ("text", "licenses"),
    [
        ("---\nlicense: mit\n---\n", ("mit",)),
        ("---\r\nlicense: MIT\r\n---\r\n", ("mit",)),
        ("\ufeff---\nlicense: mit\n---", ("mit",)),
        ("---\ntags:\n- lora\nlicense: 'apache-2.0' # ours\nbase_model: x\n---\n", ("apache-2.0",)),
        ('---\nlicense:\n- mit\n- "bsd" # two\ntags: []\n---\n', ("mit", "bsd")),
        ("---\nlicense:\n  - mit\n---\n", ("mit",)),
        ("---\nlicense: [mit, 'bsd']\n---\n", ("mit", "bsd")),
        ("---\nlicense: other\nlicense_name: llama3.1\n---\n", ("llama3.1",)),
        ("---\nlicense: other\n---\n", ("other",)),
        ("---\nlicense: mit\nlicense_name: x\n---\n", ("mit",)),
        ("---\nlicense: unlicense\nlicense_name: x\n---\n", ("unlicense",)),
        ("---\nlicense: [mit,\n  bsd]\n---\n", ("mit", "bsd")),
        ("\n\n---\nlicense: mit\n---\n", ("mit",)),
        ("---\nlicense: bsd\nlicense: mit\n---\n", ("mit",)),
        ('---\n"license": mit\n---\n', ("mit",)),
        ("---\nlicense:\n  mit\ntags: []\n---\n", ("mit",)),
        ("---\nlicense: >-\n  mit\n---\n", ("mit",)),
        ("---\nlicense: null\n---\n", ()),
        ("---\nlicense: ~\n---\n", ()),
        ("---\nlicense: mit]\n---\n", ("mit]",)),
        ("---\nlicense:\n---\n", ()),
        ("---\nlicense: # none\n---\n", ()),
        ("---\nnested:\n  license: mit\n---\n", ()),
        ("---\nlicense_link: mit\n---\n", ()),
        ("---\nlicense: mit\n", ()),
        ("license: mit\n", ()),
        ("# An adapter\n\n---\nlicense: mit\n---\n", ()),
        ("", ()),
    ],
)
def test_licenses_of_a_card(text: str, licenses: tuple[str, ...]) -> None:
    files = MemoryFiles({"README.md": text.encode()})
    assert licenses_of(Engine().open_files(files).adapter) == licenses


@pytest.mark.parametrize(
    ("text", "licenses"),
    [
        (f"---\n#{'x' * 65_500}\nlicense: mit\n---", ("mit",)),
        (f"---\nlicense: mit\n#{'x' * 65_536}\n---", ("mit",)),
        (f"---\nlicense: other\n#{'x' * 65_536}\nlicense_name: mit\n---", None),
        (f"---\n#{'x' * 65_536}\nlicense: mit\n---", None),
        (f"---\n#{'x' * 65_518}\nlicense: mit\n---", None),
        (f"{'x' * 65_536}\n---\nlicense: mit\n---", ()),
    ],
)
def test_cards_are_read_up_to_a_size(text: str, licenses: tuple[str, ...] | None) -> None:
    adapter = Engine().open_files(MemoryFiles({"README.md": text.encode()})).adapter
    if licenses is None:
        assert not can_read_card(adapter)
    else:
        assert licenses_of(adapter) == licenses


def test_cards_are_read_as_the_hub_reads_them() -> None:
    cards = pytest.importorskip("huggingface_hub").ModelCard
    for lines in product(("", "tags: [lora]\n", "x: |\n  license: bsd\n"), LICENSES):
        text = f"---\n{''.join(lines)}base_model: x\n---\n# A card\n"
        said = cards(text).data.license or []
        files = MemoryFiles({"README.md": text.encode()})
        found = licenses_of(Engine().open_files(files).adapter)
        assert list(found) == ([said] if isinstance(said, str) else said), text


def test_an_adapter_without_its_files_has_no_card_to_read() -> None:
    adapter = Engine().open_files(MemoryFiles({"README.md": b""})).adapter
    with pytest.raises(FileNotFoundError):
        licenses_of(adapter._replace(source=None))


def with_card(text: str | None, policy: Policy, locked: bool = False) -> AdapterReport:
    files, _ = build(())
    contents = dict(files.contents) | ({} if text is None else {"README.md": text.encode()})
    kept = MemoryFiles(contents, frozenset({"README.md"} if locked else ()))
    return Engine(Options(policy=policy, isolated=True)).open_files(kept).report


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, None),
        ("---\nlicense: MIT\n---\n", None),
        ("---\nlicense: bsd\n---\n", "the license is `bsd`, and the policy allows `Mit`"),
        ("---\nlicense: [mit, bsd]\n---\n", "the license is `bsd`, and the policy allows `Mit`"),
        ("# An adapter", "no license is named, and the policy allows `Mit`"),
    ],
)
def test_licenses(text: str | None, message: str | None) -> None:
    report = with_card(text, Policy(licenses=("Mit",)))
    messages = [d.message for d in report.diagnostics if d.code == "LC912"]
    assert messages == ([message] if message else [])


def test_a_card_that_cannot_be_read_is_not_checked() -> None:
    def gaps(text: str | None, policy: Policy, locked: bool) -> list[str]:
        return [gap.what for gap in with_card(text, policy, locked).not_checked]

    assert "the license" in gaps("x", Policy(licenses=()), True)
    assert "the license" not in gaps("x", Policy(licenses=()), False)
    assert "the license" not in gaps(None, Policy(licenses=()), False)
    assert "the license" not in gaps("x", Policy(max_rank=1), True)
    assert not with_card("x", Policy(licenses=()), locked=True).diagnostics


def test_cards_of_the_same_size_are_not_mixed_up() -> None:
    engine = Engine(Options(policy=Policy(licenses=("mit",)), isolated=True))
    files, _ = build(())
    for name, expected in (("bsd", 1), ("mit", 0), ("bsd", 1), ("mit", 0)):
        card = f"---\nlicense: {name}\n---\n".encode()
        report = engine.open_files(MemoryFiles({**files.contents, "README.md": card})).report
        assert len(report.diagnostics) == expected


@pytest.mark.parametrize(
    ("limit", "config", "pointer"),
    [
        (4, {}, None),
        (3, {}, "/r"),
        (8, {"rank_pattern": {"q_proj": 8}}, None),
        (7, {"rank_pattern": {"q_proj": 8}}, "/rank_pattern/q_proj"),
        (3, {"rank_pattern": {"q_proj": 8}}, "/rank_pattern/q_proj"),
        (3, {"rank_pattern": {"a/b": 8}}, "/rank_pattern/a~1b"),
        (3, {"rank_pattern": {"q_proj": 2}}, "/r"),
        (3, {"r": "many"}, None),
    ],
)
def test_ranks(limit: int, config: dict[str, Any], pointer: str | None) -> None:
    report = judged(f'policy {{"max-rank": {limit}}}', f"config {json.dumps(config)}")
    places = [d.location.pointer for d in report.diagnostics if d.code == "LC913"]
    assert places == ([pointer] if pointer else [])


def test_all_large_ranks_are_one_finding() -> None:
    ranks = ", ".join(f'"layer{number}": {number}' for number in range(10, 20))
    report = judged('policy {"max-rank": 8}', f'config {{"rank_pattern": {{{ranks}}}}}')
    (one,) = [d for d in report.diagnostics if d.code == "LC913"]
    assert (one.count, len(one.related)) == (10, 3)
    assert one.message.startswith("`rank_pattern.layer19` is `19`")


def test_a_folder_has_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ('policy {"pinned-revision": true}', 'config {"base_model_name_or_path": "a/b"}')
    monkeypatch.chdir(tmp_path)
    assert found(*lines) == ["LC914"]
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert found(*lines) == []


def test_a_revision_is_shown_as_it_is() -> None:
    report = judged('policy {"pinned-revision": true}', 'config {"revision": 7}')
    (one,) = [d for d in report.diagnostics if d.code == "LC914"]
    assert one.message == "`revision` is `7`, and the policy requires a commit"


@pytest.mark.parametrize(
    ("named", "revision", "is_pinned"),
    [
        ('"example/llama"', f'"{COMMIT}"', True),
        ('"example/llama"', f'"{COMMIT[:-1]}"', False),
        ('"example/llama"', '"v1.0"', False),
        ('"example/llama"', '""', False),
        ('"example/llama"', "null", False),
        ('"gpt2"', "null", False),
        ('"/models/llama"', "null", True),
        ("null", "null", True),
    ],
)
def test_revisions(named: str, revision: str, is_pinned: bool) -> None:
    config = f'config {{"base_model_name_or_path": {named}, "revision": {revision}}}'
    lines = found('policy {"pinned-revision": true}', config)
    assert lines == ([] if is_pinned else ["LC914"])


@pytest.mark.parametrize(
    ("name", "is_pickle"),
    [
        ("optimizer.pt", True),
        ("training_args.bin", True),
        ("old.CKPT", True),
        ("x.pkl", True),
        ("x.pth", True),
        ("ggml-adapter-model.bin", False),
        ("tokenizer.json", False),
        ("x.bin.txt", False),
        ("x.bin/", False),
    ],
)
def test_pickles(name: str, is_pickle: bool) -> None:
    assert found('policy {"no-pickles": true}', f"file {name} x") == ["LC915"] * is_pickle


def test_a_policy_says_nothing_about_loading() -> None:
    """The adapter is invalid, but which releases load it is the same."""
    broken, sound = judged('policy {"max-rank": 1}'), judged()
    assert (broken.status, sound.status) == ("invalid", "valid")
    assert broken.loads_in == sound.loads_in is not None


ALL = """policy {"bases": [], "licenses": [], "max-rank": 1, "pinned-revision": true,
 "no-pickles": true, "no-modules-to-save": true}"""


@pytest.mark.parametrize("line", ["config text {", "config none", "config text []"])
def test_nothing_is_found_in_a_config_that_cannot_be_read(line: str) -> None:
    assert found(ALL, line) == []
    assert "LC901" not in codes(ALL, line)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('{"rank_pattern": 3}', ["LC911", "LC913", "LC914"]),
        ('{"r": 1, "rank_pattern": {"q_proj": "x"}}', ["LC911", "LC914"]),
        ('{"r": 1, "base_model_name_or_path": null}', ["LC911"]),
        ('{"r": 1, "modules_to_save": 3}', ["LC911", "LC914"]),
    ],
)
def test_values_that_cannot_be_used(config: str, expected: list[str]) -> None:
    assert found(ALL, f"config {config}") == expected
    assert "LC901" not in codes(ALL, f"config {config}")


@pytest.mark.parametrize(
    ("bases", "allowed"), [("[]", "none"), ('["a/*"]', "`a/*`"), ('["a", "b"]', "`a` and `b`")]
)
def test_messages_name_what_is_allowed(bases: str, allowed: str) -> None:
    lines = f'policy {{"bases": {bases}, "licenses": {bases}}}', "file README.md x"
    messages = [d.message for d in judged(*lines).diagnostics]
    assert messages == [
        f'`base_model_name_or_path` is `"example/llama"`, and the policy allows {allowed}',
        f"no license is named, and the policy allows {allowed}",
    ]
