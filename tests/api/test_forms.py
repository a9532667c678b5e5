"""The report on an adapter is the same for the command line and every form of upload."""

from __future__ import annotations

import io
import json
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from loracfg.report.formats import FORMATS as REPORT_FORMATS
from loracfg.testing import DEFECTS, DrawnAdapter, spoilt_adapters
from loracfg.testing.llama import BASE, llama
from tests.api.forms import FORMS, base_part, body_of, head_of, members, post, send_json
from tests.cli.running import ROOT, call

CONFIG = Path("base/config.json")


@pytest.mark.parametrize("form", FORMS)
def test_valid_adapter(form: str, client: TestClient, place: Path) -> None:
    answer = FORMS[form](client, Path("adapter"), CONFIG)
    printed = call("validate", "adapter", "--base", CONFIG, "--format", "json")
    assert printed.status == 0
    assert answer.status_code == 200
    assert answer.content == printed.out.encode()


@pytest.mark.parametrize("form", FORMS)
def test_tokens_are_read_in_folders_only(form: str, client: TestClient, place: Path) -> None:
    added = {"added_tokens_decoder": {"1000000": {"content": "<tool>"}}}
    Path("adapter/tokenizer_config.json").write_text(json.dumps(added))
    printed = call("validate", "adapter", "--base", CONFIG, "--format", "concise").out
    (sent,) = FORMS[form](client, Path("adapter"), CONFIG).json()["adapters"]
    assert "LC634" in printed
    assert sent["diagnostics"] == []
    assert [one["what"] for one in sent["not_checked"]] == ["the tokens of the tokenizer"]


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {"json"}))
def test_added_tokens_are_read_where_files_are_sent(
    form: str, client: TestClient, place: Path
) -> None:
    Path("adapter/added_tokens.json").write_text('{"<tool>": 1000000}')
    printed = call("validate", "adapter", "--base", CONFIG, "--format", "json").out
    assert FORMS[form](client, Path("adapter"), CONFIG).content == printed.encode()
    assert "LC634" in printed


def spoilt(defect: str) -> DrawnAdapter:
    """Return an adapter that has a defect; most of those that are drawn cannot have some."""
    found: list[DrawnAdapter] = []

    @settings(
        max_examples=1,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(spoilt_adapters(defect, llama(BASE)))
    def draw(one: DrawnAdapter) -> None:
        found.append(one)

    for _ in range(20):
        with suppress(Unsatisfiable):
            draw()
            break
    return found[0]


REPAIRED_BY_DATA = ("weights-gap", "weights-too-long")
"""Defects whose repair depends on the data of tensors, of which some forms send none."""


def without_fixes(text: str) -> dict[str, Any]:
    """Return a report without what `loracfg fix` can do about its findings."""
    report: dict[str, Any] = json.loads(text)
    for diagnostic in report["adapters"][0]["diagnostics"]:
        diagnostic["fix"] = None
    for name in ("fixable", "fixable_unsafe"):
        report["summary"][name] = 0
    return report


@pytest.mark.parametrize("defect", [defect.name for defect in DEFECTS])
def test_spoilt_adapters(defect: str, client: TestClient, place: Path) -> None:
    drawn = spoilt(defect)
    for path in Path("adapter").iterdir():
        path.unlink()
    for name, content in drawn.files.contents.items():
        path = Path("adapter", name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    printed = call("validate", "adapter", "--base", CONFIG, "--format", "json").out
    for form, send in FORMS.items():
        answer = send(client, Path("adapter"), CONFIG)
        assert answer.status_code == 200, (form, answer.text)
        if defect in REPAIRED_BY_DATA:
            assert without_fixes(answer.text) == without_fixes(printed), form
        else:
            assert answer.text == printed, form


@pytest.mark.parametrize("format_name", REPORT_FORMATS)
def test_formats(format_name: str, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs/examples")
    adapter, base = Path("edited-adapter"), Path("base/config.json")
    body = send_json(client, adapter, base).request.content
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"/validate?format={format_name}", content=body, headers=headers)
    printed = call("validate", adapter, "--base", base, "--format", format_name).out
    assert "LC503" in answer.text
    assert answer.text == printed
    assert answer.headers["content-type"] == content_type(REPORT_FORMATS[format_name].media_type)


def content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def test_format_by_accept(client: TestClient, place: Path) -> None:
    body = send_json(client, Path("adapter"), CONFIG).request.content
    own = [one.media_type for one in REPORT_FORMATS.values() if one.by_accept]
    assert "text/markdown" in own
    for accept, media_type in (
        *((one, content_type(one)) for one in own),
        ("text/plain, application/json;q=0.5", "text/plain; charset=utf-8"),
        ("application/json;q=0.5, Text/Markdown ;q=0.6", "text/markdown; charset=utf-8"),
        ("text/html, */*", "application/json"),
        ("application/json;q=0, */*", "text/plain; charset=utf-8"),
        ("text/*", "text/plain; charset=utf-8"),
        ("text/*, text/plain;q=0", "text/markdown; charset=utf-8"),
        ("text/*;q=0.5, application/json;q=0.4", "text/plain; charset=utf-8"),
        ("*/*;q=0.1, application/*;q=0.2", "application/json"),
        ("*/*, application/xml", "application/xml"),
        ("text/markdown, application/json", "text/markdown; charset=utf-8"),
        ("application/json;q=0.001, text/plain;q=0.0", "application/json"),
        ("text/plain;q=2, application/xml;q=0.1, text/markdown;q=nan", "application/xml"),
        ("text/plain; charset=utf-8; q=1.000, */*", "text/plain; charset=utf-8"),
        ("image/png", "application/json"),
        ("", "application/json"),
        (",;q=1, /", "application/json"),
    ):
        headers = {"Content-Type": "application/json", "Accept": accept}
        answer = client.post("/validate", content=body, headers=headers)
        assert answer.headers["content-type"] == media_type


def test_path(place: Path) -> None:
    with TestClient(create_app(Settings(roots=(place,), access_log=False))) as client:
        answer = post(client, {"path": "adapter", "base": {"path": "base"}})
        printed = call("validate", "adapter", "--base", "base", "--format", "json")
        assert answer.text == printed.out


def test_base_by_checkpoint_and_by_type(client: TestClient, place: Path) -> None:
    body = body_of(Path("adapter"), CONFIG)
    checkpoint = Path("base/model.safetensors")
    weights = {"head": head_of(checkpoint), "size": checkpoint.stat().st_size}
    body["base"] = {"name": "base", "weights": {checkpoint.name: weights}}
    adapter = post(client, body).json()["adapters"][0]
    assert adapter["base"]["source"] == "checkpoint"
    assert adapter["coverage"]["applied"] == adapter["coverage"]["expected"]
    adapter = post(client, body | {"base": "llama"}).json()["adapters"][0]
    assert adapter["base"]["config"] == "llama"
    assert "LC608" in [diagnostic["code"] for diagnostic in adapter["diagnostics"]]
    adapter = post(client, body | {"base": "no-such-type"}).json()["adapters"][0]
    assert adapter["status"] == "error"
    assert adapter["diagnostics"][0]["code"] == "LC005"


def test_engines(client: TestClient, place: Path) -> None:
    body = body_of(Path("adapter"), CONFIG)
    for named in (["vllm==0.33", "sglang"], ["vllm==0.33,max_lora_rank=1"]):
        asked = [part for one in named for part in ("--for", one)]
        printed = call("validate", "adapter", "--base", CONFIG, "--format", "json", *asked).out
        assert post(client, body | {"options": {"for": named}}).text == printed
        parts = [
            ("file", (name, path.read_bytes())) for name, path in members(Path("adapter")) if path
        ]
        answer = client.post("/validate", files=[*parts, base_part(CONFIG)], data={"for": named})
        assert answer.text == printed
    assert "LC801" in printed
    refused = post(client, body | {"options": {"for": ["llama.cpp,max_lora_rank=2"]}})
    assert refused.status_code == 422
    assert "`llama.cpp` has no setting `max_lora_rank" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("text", "code"), [(b'{"<x>": 4000000}', "LC801"), (b" " * 2_000_000, "LC803")]
)
def test_added_tokens(client: TestClient, place: Path, text: bytes, code: str) -> None:
    asked = ("--base", CONFIG, "--for", "sglang", "--format", "json")
    parts = [("file", (n, path.read_bytes())) for n, path in members(Path("adapter")) if path]
    parts.append(("file", ("adapter/added_tokens.json", text)))
    Path("adapter/added_tokens.json").write_bytes(text)
    answer = client.post("/validate", files=[*parts, base_part(CONFIG)], data={"for": ["sglang"]})
    assert answer.text == call("validate", "adapter", *asked).out
    assert code in answer.text


def test_several_adapters_in_one_archive(client: TestClient, place: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name in ("a/one", "a/two", "a/two/checkpoint-1"):
            archive.add("adapter", name)
    answer = client.post("/validate", files=[("archive", ("all", file.getvalue()))])
    adapters = answer.json()["adapters"]
    assert [adapter["path"] for adapter in adapters] == ["a/one", "a/two"]
