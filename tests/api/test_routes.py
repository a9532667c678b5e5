"""The routes other than validation, and the OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.examples import MIGRATION, VALIDATION
from loracfg_api.settings import Settings

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.schema.schema_files import EDITOR, REPORT, file_name, read_file
from loracfg.report.report import SEVERITIES
from loracfg.rules.registry import all_rules
from tests.api.forms import post
from tests.cli.running import ROOT

STATUSES = {
    "fits": "valid",
    "wrong rank": "invalid",
    "base by model type": "invalid",
    "first bytes": "invalid",
}


@pytest.mark.parametrize("name", VALIDATION)
def test_examples_are_judged_as_they_say(name: str, client: TestClient) -> None:
    answer = post(client, VALIDATION[name])
    assert answer.status_code == 200, answer.text
    report = answer.json()
    jsonschema.validate(report, json.loads(read_file(REPORT)))
    assert report["adapters"][0]["status"] == STATUSES[name]


@pytest.mark.parametrize("name", MIGRATION)
def test_examples_of_migration(name: str, client: TestClient) -> None:
    answer = post(client, MIGRATION[name], "/migrate")
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.json()["config"])["r"] == MIGRATION[name]["config"]["r"]
    assert answer.json()["to"] == MIGRATION[name]["to"]


def test_nothing_to_migrate(client: TestClient) -> None:
    answer = post(client, {"to": "0.12.0"}, "/migrate")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "there is no `adapter_config.json` of a LoRA adapter"


@pytest.mark.parametrize(("path", "more"), [("/migrate", {"to": "0.12.0"}), ("/modules", {})])
def test_a_config_that_cannot_be_read(client: TestClient, path: str, more: Any) -> None:
    answer = post(client, {"config": '{"r": 8', **more}, path)
    assert answer.status_code == 422
    reason = "the file ends in the middle"
    assert answer.json()["detail"].startswith(f"cannot read `adapter_config.json`: {reason}")


def states(client: TestClient, body: Any) -> dict[str, str]:
    adapter = post(client, body, "/modules").json()["adapters"][0]
    return {module["path"]: module["state"] for module in adapter["modules"]}


def test_modules(client: TestClient) -> None:
    layer = "model.layers.0.self_attn"
    fits = states(client, VALIDATION["fits"])
    assert fits[f"{layer}.q_proj"] == "fits"
    assert fits[f"{layer}.k_proj"] == "not_targeted"
    assert states(client, VALIDATION["wrong rank"])[f"{layer}.q_proj"] == "wrong_shape"
    more = json.loads(json.dumps(VALIDATION["fits"]))
    more["config"]["target_modules"] = ["q_proj", "k_proj"]
    assert states(client, more)[f"{layer}.k_proj"] == "missing"
    del more["base"]
    assert states(client, more) == {f"{layer}.q_proj": "unknown"}


def test_modules_have_rank_and_scaling(client: TestClient) -> None:
    adapter = post(client, VALIDATION["fits"], "/modules").json()["adapters"][0]
    own = [module for module in adapter["modules"] if module["rank"]]
    assert [(module["rank"], module["scaling"]) for module in own] == [(8, 2.0)]


def test_a_series_means_its_last_release(client: TestClient) -> None:
    body = {**next(iter(MIGRATION.values())), "to": "0.12", "from": PEFT_RELEASE.rpartition(".")[0]}
    answer = post(client, body, "/migrate")
    assert (answer.json()["from"], answer.json()["to"]) == (PEFT_RELEASE, "0.12.0")


def test_rules_are_those_of_the_command_line(client: TestClient) -> None:
    assert client.get("/rules").json() == [rule.summary() for rule in all_rules()]
    page = client.get("/rules/LC503").json()
    assert page["name"] == "rank-mismatch"
    assert "Repair:" in page["page"]
    assert client.get("/v1/rules/rank-mismatch").json() == page


def test_bases(client: TestClient) -> None:
    bases = {base["model_type"]: base for base in client.get("/bases").json()}
    assert "LlamaForCausalLM" in bases["llama"]["classes"]
    assert bases["UNet2DConditionModel"]["library"] == "diffusers"


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/schema", "catalog.json"),
        ("/schema/latest", file_name(PEFT_RELEASE, "strict")),
        ("/schema/0.12.0", file_name("0.12.0", "strict")),
        ("/schema/0.12.0?variant=open", file_name("0.12.0", "open")),
        ("/schema/editor", EDITOR),
        ("/schema/report", REPORT),
    ],
)
def test_schemas_are_the_files(path: str, file: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.content == (ROOT / "schema" / file).read_bytes()
    stays = "immutable" in answer.headers["cache-control"]
    assert stays == ("0.12.0" in path)
    known = {"If-None-Match": f'"other", W/{answer.headers["etag"]}'}
    again = client.get(path, headers=known)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == answer.headers["etag"]


def test_a_series_of_releases_may_change(client: TestClient) -> None:
    answer = client.get("/schema/0.12")
    assert answer.content == (ROOT / "schema" / file_name("0.12.0", "strict")).read_bytes()
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/schema/9.9", "/rules/LC999", "/no/such/path"])
def test_nothing_there(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


def test_readiness_ends_with_the_application() -> None:
    app = create_app(Settings(access_log=False))
    with TestClient(app):
        pass
    assert TestClient(app).get("/readyz").status_code == 503


def test_metrics(client: TestClient) -> None:
    post(client, VALIDATION["wrong rank"])
    client.get("/rules/LC999")
    figures = client.get("/metrics").text
    assert 'loracfg_adapters_total{status="invalid"} 1.0' in figures
    assert 'loracfg_requests_total{route="/rules/{code}",status="404"} 1.0' in figures


def test_request_ids(client: TestClient) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": "build-17.a"})
    assert given.headers["x-request-id"] == "build-17.a"
    made = client.get("/healthz", headers={"X-Request-Id": "no spaces"})
    assert len(made.headers["x-request-id"]) == 32


def test_log_lines_are_json(capfd: pytest.CaptureFixture[str]) -> None:
    with TestClient(create_app(Settings())) as client:
        client.get("/rules/%0A%22x", headers={"Authorization": "Bearer secret"})
    line = capfd.readouterr().err.strip()
    assert json.loads(line)["path"] == '/rules/\n"x'
    assert "secret" not in line


def test_token() -> None:
    app = create_app(Settings.model_validate({"token": "secret", "access_log": False}))
    with TestClient(app) as client:
        for authorization in (None, "Bearer other", "Basic secret", "Bearer", "Bearer s\xe9cret"):
            headers = {b"Authorization": (authorization or "").encode("latin-1")}
            for route in ("/validate", "/modules", "/migrate"):
                answer = client.post(route, json={}, headers=headers)
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"] == "Bearer"
            assert client.get("/metrics", headers=headers).status_code == 401
        right = {"Authorization": "Bearer secret"}
        assert client.post("/validate", json={"name": "a"}, headers=right).status_code == 200
        assert client.get("/schema").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_other_origins() -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    with TestClient(create_app(Settings(access_log=False))) as client:
        answer = client.options("/validate", headers=asked)
        assert "access-control-allow-origin" not in answer.headers
    allowed = Settings(cors_origins=("https://example.org",), access_log=False)
    with TestClient(create_app(allowed)) as client:
        answer = client.options("/validate", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORACFG_ROOTS", "/srv/adapters:/srv/bases")
    monkeypatch.setenv("LORACFG_CORS_ORIGINS", "https://a.org, https://b.org")
    monkeypatch.setenv("LORACFG_MAX_FILES", "7")
    monkeypatch.setenv("LORACFG_TOKEN", "secret")
    settings = Settings()
    assert [str(root) for root in settings.roots] == ["/srv/adapters", "/srv/bases"]
    assert settings.cors_origins == ("https://a.org", "https://b.org")
    assert settings.max_files == 7
    assert "secret" not in repr(settings)


def test_filters_change_no_fact(client: TestClient) -> None:
    body = VALIDATION["wrong rank"]
    whole = post(client, body).json()
    filtered = post(client, {**body, "options": {"ignore": ["LC"]}}).json()
    assert filtered["summary"]["errors"] == 0
    assert filtered["summary"]["hidden"] == sum(whole["summary"][f"{s}s"] for s in SEVERITIES) > 0
    (before,), (after,) = whole["adapters"], filtered["adapters"]
    assert (after["status"], after["diagnostics"]) == ("invalid", [])
    assert after["hidden"]["errors"] == whole["summary"]["errors"]
    listed = {"diagnostics", "hidden"}
    assert {k: v for k, v in after.items() if k not in listed} == {
        k: v for k, v in before.items() if k not in listed
    }
