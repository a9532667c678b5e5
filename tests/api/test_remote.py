"""`loracfg validate --server` gives the same output after uploading only kilobytes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import ROOT, call, write_adapter, write_base
from tests.service.serving import SERVE, serving, without_settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    env = without_settings(PYTHONPATH=str(ROOT)) | {"LORACFG_TOKEN": "secret"}
    with serving(SERVE, env, tmp_path_factory.mktemp("log") / "log") as address:
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
    (folder / "adapter_config.json").unlink()
    (folder / "adapter_config.json").symlink_to("absent")
    said = call("validate", folder, "--server", server)
    assert (said.status, said.out) == (2, "")
    assert "is a link to nothing" in said.err


def test_only_the_header_is_sent(
    server: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from loracfg.cli import remote

    adapter = write_adapter(tmp_path / "adapter")
    weights = adapter / "adapter_model.safetensors"
    sent: list[int] = []
    post = remote._post

    def count(url: str, body: dict[str, object]) -> object:
        sent.append(len(str(body)))
        return post(url, body)

    monkeypatch.setattr(remote, "_post", count)
    call("validate", adapter, "--base", base / "config.json", "--server", server)
    header = 8 + int.from_bytes(weights.read_bytes()[:8], "little")
    config = (adapter / "adapter_config.json").stat().st_size
    assert sent[0] < 2 * (header + config + (base / "config.json").stat().st_size)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://example.org", "is not an HTTP URL"),
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
    assert "returned 401: this service requires a token" in found.err
