"""`--base ID` and `--online` in separate processes, with a local Hub server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.base.catalogue import lookup
from tests.cli.running import Outcome, write_adapter, write_base
from tests.hub_server import MAIN, OLD, Hub, Repo, serving
from tests.test_budgets import HEAVY

pytestmark = pytest.mark.slow

LLAMA: Final = "org/llama"
NAMED: Final = f'config {{"base_model_name_or_path": "{LLAMA}"}}'
SOURCE: Final = f"from the catalogue of {lookup.library()}"
LINE: Final = f"base: LlamaForCausalLM ({SOURCE}), {LLAMA} at {MAIN[:7]}, from the local"

LIGHT: Final = """
import sys
sys.modules["torch"] = sys.modules["transformers"] = None
from loracfg.cli import run
run()
"""
"""The command where transformers is not installed."""

NO_NETWORK: Final = f"""
import os, sys
def hook(event, arguments):
    if event.startswith("socket."):
        os.write(2, b"opened a socket")
        os._exit(97)
sys.addaudithook(hook)
from loracfg.cli import main
try:
    main()
finally:
    heavy = {HEAVY!r} & {{name.partition(".")[0] for name in sys.modules}}
    assert not heavy, heavy
"""
"""The command, stopped by the first socket, and asked what it imported."""

NO_CLIENT: Final = 'import sys; sys.modules["huggingface_hub"] = None' + LIGHT


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = write_base(tmp_path_factory.mktemp("base"))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    repos = {
        LLAMA: Repo(files, {"main": MAIN, "v1": OLD}),
        "org/gated": Repo(refused=(401, "GatedRepo")),
    }
    with serving(repos) as hub:
        yield hub


@pytest.fixture
def cache(hub: Hub, tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "hf" / "hub"
    hub.requests.clear()


@pytest.fixture(scope="module")
def filled(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the whole model, made by the real client."""
    cache = tmp_path_factory.mktemp("hf") / "hub"
    hub.download(cache, (LLAMA, "main", "config.json"), (LLAMA, "main", "model.safetensors"))
    hub.requests.clear()
    return cache


def validate(code: str, hub: Hub, cache: Path, *arguments: str | Path, **env: str) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", *map(str, arguments)],
        env=hub.surroundings(cache, **env),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def report(outcome: Outcome) -> dict[str, Any]:
    (adapter,) = json.loads(outcome.out)["adapters"]
    assert isinstance(adapter, dict)
    return adapter


@pytest.mark.parametrize("named", [LLAMA, f"{LLAMA}@main", f"{LLAMA}@{MAIN}"])
def test_an_id_in_the_cache_needs_no_network(
    named: str, hub: Hub, filled: Path, adapter: Path
) -> None:
    outcome = validate(NO_NETWORK, hub, filled, adapter, "--base", named)
    assert (outcome.status, outcome.err) == (0, "")
    assert LINE in outcome.out
    assert hub.requests == []


def test_the_adapters_base_is_found_in_the_cache(hub: Hub, filled: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "named", NAMED)
    outcome = validate(NO_NETWORK, hub, filled, adapter, "--format", "json")
    assert outcome.err == ""
    assert report(outcome)["status"] == "valid"
    assert report(outcome)["base"]["config"] == f"{LLAMA}@{MAIN}"
    assert hub.requests == []


def test_a_different_id_than_the_adapters_gives_a_warning(
    hub: Hub, filled: Path, tmp_path: Path
) -> None:
    other = NAMED.replace(LLAMA, "org/llama-chat")
    adapter = write_adapter(tmp_path / "other", other)
    arguments = (adapter, "--base", LLAMA, "--fail-on", "warning", "--format", "concise")
    outcome = validate(NO_NETWORK, hub, filled, *arguments)
    assert (outcome.status, outcome.err) == (1, "")
    assert "LC624 warning other-base" in outcome.out
    assert f"names `org/llama-chat` as the base, but `{LLAMA}` was given" in outcome.out
    by_folder = filled / "models--org--llama/snapshots" / MAIN
    outcome = validate(NO_NETWORK, hub, filled, adapter, "--base", by_folder)
    assert (outcome.status, outcome.err) == (0, "")
    assert f"names `org/llama-chat` as the base, but `{LLAMA}` was given" in outcome.out


def test_cached_files_are_not_requested(hub: Hub, filled: Path, adapter: Path) -> None:
    outcome = validate(NO_NETWORK, hub, filled, adapter, "--base", LLAMA, "--online")
    assert (outcome.status, outcome.err) == (0, "")
    assert hub.requests == []


def test_without_online_nothing_is_fetched(hub: Hub, cache: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "named", NAMED)
    given = validate(NO_NETWORK, hub, cache, adapter, "--base", LLAMA)
    assert (given.status, given.err) == (2, "")
    assert "error[LC005]" in given.out
    assert "`--online`" in given.out

    own = validate(NO_NETWORK, hub, cache, adapter)
    assert (own.status, own.err) == (0, "")
    assert f"no base was given, and `{LLAMA}` is neither a local folder nor in the local" in own.out
    assert "`--online`" in own.out
    assert hub.requests == []
    assert not cache.exists()


@pytest.mark.parametrize("by", ["option", "adapter"])
def test_online_fetches_the_config(by: str, hub: Hub, cache: Path, tmp_path: Path) -> None:
    hub.download(cache, (LLAMA, "main", "model.safetensors"))
    hub.requests.clear()
    adapter = write_adapter(tmp_path / "named", NAMED)
    base = ["--base", LLAMA] if by == "option" else []
    token = {"HF_TOKEN": "hf_of_mine"}
    outcome = validate(LIGHT, hub, cache, adapter, *base, "--online", **token)
    assert (outcome.status, outcome.err) == (0, "")
    assert LINE in outcome.out
    assert {path for _, path, _ in hub.requests} == {f"/{LLAMA}/resolve/main/config.json"}
    assert {token for _, _, token in hub.requests} == {"Bearer hf_of_mine"}
    assert (cache / "models--org--llama/snapshots" / MAIN / "config.json").is_file()


def test_online_fetches_a_revision(hub: Hub, cache: Path, adapter: Path) -> None:
    outcome = validate(LIGHT, hub, cache, adapter, "--base", f"{LLAMA}@v1", "--online")
    assert outcome.status in (0, 2)
    assert (cache / "models--org--llama/snapshots" / OLD / "config.json").is_file()
    assert {method for method, _, _ in hub.requests} == {"HEAD", "GET"}


@pytest.mark.parametrize(
    ("name", "env", "message"),
    [
        ("org/none", {}, "the Hub has no model `org/none`"),
        ("org/gated", {}, "`org/gated` is gated on the Hub"),
        (LLAMA, {"HF_HUB_OFFLINE": "1"}, "because `HF_HUB_OFFLINE` is set"),
        (LLAMA, {"HF_ENDPOINT": "http://127.0.0.1:9"}, f"the Hub cannot be reached for `{LLAMA}`"),
    ],
    ids=["none", "gated", "offline", "unreachable"],
)
def test_a_base_that_cannot_be_fetched_is_an_error(
    name: str, env: dict[str, str], message: str, hub: Hub, cache: Path, adapter: Path
) -> None:
    outcome = validate(LIGHT, hub, cache, adapter, "--base", name, "--online", **env)
    assert (outcome.status, outcome.err) == (2, "")
    assert "error[LC005]" in outcome.out
    assert message in outcome.out
    assert "Traceback" not in outcome.out
    assert not (env and hub.requests)


def test_the_adapters_base_that_cannot_be_fetched_is_a_reason(
    hub: Hub, cache: Path, tmp_path: Path
) -> None:
    gone = write_adapter(tmp_path / "gone", 'config {"base_model_name_or_path": "org/none"}')
    outcome = validate(LIGHT, hub, cache, gone, "--online", "--format", "json")
    assert (outcome.status, outcome.err) == (0, "")
    (gap,) = report(outcome)["not_checked"]
    assert gap["why"].startswith("no base was given, and the Hub has no model `org/none`")
    assert report(outcome)["status"] == "undetermined"


def test_online_says_what_to_install(hub: Hub, cache: Path, adapter: Path) -> None:
    outcome = validate(NO_CLIENT, hub, cache, adapter, "--base", LLAMA, "--online")
    assert (outcome.status, outcome.err) == (2, "")
    assert "`huggingface_hub` is not installed" in outcome.out
    assert "run `pip install 'loracfg[remote]'`" in outcome.out
    assert hub.requests == []


def test_headers_of_an_answer_lead_the_token_nowhere(cache: Path, adapter: Path) -> None:
    with serving({}) as thief:
        route = f"{thief.address.replace('127.0.0.1', 'localhost')}/steal"
        xet = {"X-Xet-Hash": "0" * 64, "X-Xet-Refresh-Route": route}
        files = {"config.json": b"{}"}
        with serving({LLAMA: Repo(files, {"main": MAIN}, headers=xet)}) as hub:
            args = ("--base", LLAMA, "--online")
            token = {"HF_TOKEN": "hf_of_mine"}
            validate(LIGHT, hub, cache, adapter, *args, **token)
            assert "Bearer hf_of_mine" in {token for _, _, token in hub.requests}
        assert thief.requests == []
