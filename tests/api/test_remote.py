"""`loracfg validate --server` gives the same output after uploading only kilobytes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from os import mkfifo
from pathlib import Path

import pytest
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from loracfg.cli.server import Server
from loracfg.testing import DEFECTS
from tests.api.test_forms import REPAIRED_BY_DATA, spoilt, without_fixes
from tests.cli.running import BASE_CONFIG, Outcome, call, write_adapter, write_base
from tests.service.serving import serving_here


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    settings = Settings.model_validate({"token": "secret", "access_log": False})
    with serving_here(create_app(settings)) as address:
        yield address


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORACFG_TOKEN", "secret")


EXAMPLES: dict[str, tuple[str, ...]] = {
    "sound": (),
    "wrong rank": ('config {"r": 8}',),
    "pickled": ("weights pickled",),
    "not UTF-8": ("config bytes 7b2272223aff7d",),
    "a byte order mark": ("config bytes efbbbf7b7d",),
    "other files": ("file README.md hello", "file trainer_state.json {}"),
    "no weights": ("weights none",),
    "a header that is too long": ("weights bytes ffffffffffff000041",),
    "an engine": ('made with {"use_rslora": true}',),
}


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("format_name", ["json", "text", "sarif"])
def test_output_is_the_same(
    example: str, format_name: str, server: str, base: Path, tmp_path: Path
) -> None:
    adapter = write_adapter(tmp_path / "adapter", *EXAMPLES[example])
    arguments = ("validate", adapter, "--base", base, "--format", format_name, "--for", "sglang")
    here = call(*arguments)
    there = call(*arguments, "--server", server)
    assert there == here
    assert here.out


def test_a_base_is_where_it_is_here(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_adapter(tmp_path / "adapter")
    write_base(tmp_path / "base")
    monkeypatch.chdir(tmp_path)
    arguments = ("validate", "adapter", "--base", "base", "--class", "NoSuchClass")
    for there in ((), ("--server", server)):
        printed = call(*arguments, "--format", "json", *there).out
        (found,) = json.loads(printed)["adapters"][0]["diagnostics"]
        assert found["code"] == "LC005"
        assert found["location"]["file"] == str(tmp_path / "base")


def test_several_adapters_and_no_base(server: str, tmp_path: Path) -> None:
    folders = [write_adapter(tmp_path / name) for name in ("one", "two")]
    assert call("validate", *folders, "--server", server) == call("validate", *folders)


def test_an_archive_and_a_weight_file_alone(server: str, base: Path, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", 'config {"r": 8}')
    archive = shutil.make_archive(str(tmp_path / "my"), "zip", folder)
    alone = (folder / "adapter_model.safetensors").rename(tmp_path / "lora.safetensors")
    arguments = ("validate", archive, alone, "--base", base, "--format", "json")
    there = call(*arguments, "--server", server)
    assert there == call(*arguments)
    assert "LC503" in there.out


def here_and_there(server: str, *arguments: str | Path) -> Outcome:
    """Return how a validation ends, which is the same on a server."""
    here = call("validate", *arguments, "--format", "json")
    assert call("validate", *arguments, "--format", "json", "--server", server) == here
    return here


@pytest.mark.parametrize("name", ["adapter_config.json", "adapter_model.safetensors"])
@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_not_a_file(name: str, kind: str, server: str, base: Path, tmp_path: Path) -> None:
    file = write_adapter(tmp_path / "adapter") / name
    file.unlink()
    if kind == "link":
        file.symlink_to("absent")
    elif kind == "folder":
        file.mkdir()
    else:
        mkfifo(file)
    outcome = here_and_there(server, file.parent, "--base", base)
    assert outcome.status == 1
    assert "LC007" in outcome.out


def test_one_path_is_not_an_adapter(server: str, base: Path, tmp_path: Path) -> None:
    sound = write_adapter(tmp_path / "sound")
    (tmp_path / "text.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    for other in ("nope", "text.txt", "empty"):
        outcome = here_and_there(server, tmp_path / other, sound, "--base", base)
        assert outcome.status == 2
        statuses = [one["status"] for one in json.loads(outcome.out)["adapters"]]
        assert statuses == ["error", "valid"]


def test_links_out_of_the_folder(server: str, base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    config = (adapter / "adapter_config.json").rename(tmp_path / "elsewhere.json")
    (adapter / "adapter_config.json").symlink_to(config)
    assert "LC709" in here_and_there(server, adapter, "--base", base).out


def test_tokens_of_the_tokenizer(server: str, base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    added = json.dumps({"added_tokens_decoder": {"1000000": {"content": "<tool>"}}})
    (adapter / "tokenizer_config.json").write_text(added)
    assert "LC634" in here_and_there(server, adapter, "--base", base).out
    (base / "tokenizer_config.json").write_text('{"added_tokens_decoder": {}}')
    assert "LC633" in here_and_there(server, adapter, "--base", base).out
    (base / "tokenizer_config.json").write_text(added)
    here_and_there(server, adapter, "--base", base)


def test_weights_with_another_name(server: str, base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    (adapter / "adapter_model.safetensors").rename(adapter / "lora.safetensors")
    (adapter / "adapter_config.json").unlink()
    assert "its tensors have PEFT's names" in here_and_there(server, adapter, "--base", base).out


def test_names_that_no_server_takes(server: str, base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    for name in ("README.md", "readme.md", "a\\b", "line\nbreak"):
        (adapter / name).write_text("")
    assert here_and_there(server, adapter, "--base", base).status == 0


UNREADABLE_CONFIGS: dict[str, bytes] = {
    "cut off": b"{",
    "empty": b"",
    "UTF-16": json.dumps(BASE_CONFIG).encode("utf-16"),
    "a list": b"[]",
    "an adapter": b'{"peft_type": "LORA"}',
}


@pytest.mark.parametrize("has_checkpoint", [True, False])
@pytest.mark.parametrize("content", UNREADABLE_CONFIGS)
def test_base_that_cannot_be_read(
    content: str, has_checkpoint: bool, server: str, base: Path, tmp_path: Path
) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    (base / "config.json").write_bytes(UNREADABLE_CONFIGS[content])
    if not has_checkpoint:
        (base / "model.safetensors").unlink()
    for named in (base, base / "config.json"):
        here_and_there(server, adapter, "--base", named)
    expected = (0, "LC006") if has_checkpoint else (2, "LC005")
    outcome = here_and_there(server, adapter, "--base", base)
    assert (outcome.status, expected[1] in outcome.out) == (expected[0], True)


@pytest.mark.parametrize("kind", ["folder", "absent", "link", "no base", "id"])
def test_base_without_config(kind: str, server: str, base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    (base / "model.safetensors").unlink()
    config = base / "config.json"
    config.unlink()
    if kind == "folder":
        config.mkdir()
    elif kind == "link":
        config.symlink_to("nothing")
    others: dict[str, str | Path] = {"no base": tmp_path / "nope", "id": "org/nope"}
    outcome = here_and_there(server, adapter, "--base", others.get(kind, base))
    assert outcome.status == 2
    assert json.loads(outcome.out)["adapters"][0]["diagnostics"][0]["code"] == "LC005"


def test_base_that_the_adapter_names(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    adapter = write_adapter(Path("adapter"), 'config {"base_model_name_or_path": "bases/bb"}')
    assert "is not a local" not in here_and_there(server, adapter).out
    base = write_base(Path("bases/bb"))
    assert '"source": "catalogue"' in here_and_there(server, adapter).out
    (base / "config.json").write_text("{")
    here_and_there(server, adapter)
    (base / "model.safetensors").unlink()
    outcome = here_and_there(server, adapter)
    assert "bases/bb" in json.loads(outcome.out)["adapters"][0]["not_checked"][0]["why"]


@pytest.mark.parametrize(
    ("damage", "is_known"),
    [
        ("cut off", True),
        ("cut off", False),
        ("index", True),
        ("index", False),
        ("extra file", True),
    ],
)
def test_damaged_base(damage: str, is_known: bool, server: str, base: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    weights = base / "model.safetensors"
    if damage == "cut off":
        weights.write_bytes(weights.read_bytes()[:100])
    elif damage == "extra file":
        (base / "other.safetensors").write_bytes(b"nothing")
    else:
        weights.rename(base / "model-1.safetensors")
        shards = {"a.weight": "model-1.safetensors", "b.weight": "sub/model-2.safetensors"}
        (base / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    if not is_known:
        config = BASE_CONFIG | {"model_type": "own", "architectures": ["Own"]}
        (base / "config.json").write_text(json.dumps(config))
    outcome = here_and_there(server, adapter, "--base", base)
    assert ("LC006" in outcome.out or outcome.status == 2) != is_known


@pytest.mark.parametrize("defect", [defect.name for defect in DEFECTS])
def test_spoilt_adapters(defect: str, server: str, base: Path, tmp_path: Path) -> None:
    for name, content in spoilt(defect).files.contents.items():
        path = tmp_path / "adapter" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content)
    arguments = ("validate", tmp_path / "adapter", "--base", base, "--format", "json")
    here, there = call(*arguments), call(*arguments, "--server", server)
    if defect in REPAIRED_BY_DATA:
        assert without_fixes(there.out) == without_fixes(here.out)
    else:
        assert there == here


def test_what_is_on_another_machine(server: str, base: Path) -> None:
    from tests.sources.adapters import adapter
    from tests.web_server import serving_web

    with serving_web() as web:
        url = web.add_folder("a", adapter('config {"r": 8}'))
        at = web.add_folder("base", {"config.json": (base / "config.json").read_bytes()})
        arguments = ("validate", url, "--base", at, "--format", "json")
        there = call(*arguments, "--server", server)
        assert there == call(*arguments)
    assert "LC503" in there.out


def test_only_the_header_is_sent(
    server: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    weights = adapter / "adapter_model.safetensors"
    sent: list[int] = []
    post = Server._post

    def count(self: Server, data: bytes) -> bytes:
        sent.append(len(data))
        return post(self, data)

    monkeypatch.setattr(Server, "_post", count)
    call("validate", adapter, "--base", base / "config.json", "--server", server)
    header = 8 + int.from_bytes(weights.read_bytes()[:8], "little")
    config = (adapter / "adapter_config.json").stat().st_size
    assert sent[0] < 2 * (header + config + (base / "config.json").stat().st_size)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://example.org", "is not an HTTP URL"),
        ("http://user:PW@127.0.0.1", "takes no user, query or fragment; pass only the address"),
        ("http://127.0.0.1#PW", "takes no user, query or fragment"),
        ("http://127.0.0.1?token=PW", "set `LORACFG_TOKEN` to authenticate"),
        ("http://127.0.0.1:1", "does not respond"),
        ("SERVER/no/such", "returned 404"),
    ],
)
def test_no_service_there(address: str, words: str, server: str, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    found = call("validate", adapter, "--server", address.replace("SERVER", server))
    assert found.status == 2
    assert words in found.err


def test_wrong_token(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORACFG_TOKEN", "other")
    found = call("validate", write_adapter(tmp_path / "adapter"), "--server", server)
    assert found.status == 2
    assert "returned 401: the token is wrong" in found.err
