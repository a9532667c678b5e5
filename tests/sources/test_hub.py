"""Adapters on the Hub: a server on loopback, read through the real client in its own process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.running import Outcome, run, write_adapter
from tests.hub_server import MAIN, OLD, Hub, Repo, serving
from tests.sources.adapters import CONFIG, WEIGHTS, adapter, codes, packed, reports
from tests.sources.validating import Job, validate_elsewhere
from tests.web_server import serving_web

pytest.importorskip("huggingface_hub", reason="the Hub is read through it")
pytest.importorskip("httpx2", reason="the Hub is read with it")

SPOILT: Final = 'config {"r": 8}'
TOKEN: Final = "hf_s3cret"  # noqa: S105  # of no one
NO_NETWORK: Final = """
import os, sys
def hook(event, arguments):
    if event.startswith("socket."):
        os.write(2, b"opened a socket")
        os._exit(97)
sys.addaudithook(hook)
from loracfg.cli import run
run()
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    files, spoilt = adapter(), adapter(SPOILT)
    both = {f"one/{name}": data for name, data in files.items()}
    both |= {f"two/{name}": data for name, data in spoilt.items()}
    repos = {
        "org/whole": Repo(files, {"main": MAIN, "v1": OLD, "refs/pr/1": OLD}),
        "short": Repo(files),
        "org/spoilt": Repo(spoilt),
        "org/both": Repo(both),
        "org/files": Repo({"lora.safetensors": files[WEIGHTS], "all.zip": packed(both, "zip")}),
        "org/bare": Repo({"README.md": b"words"}),
        "org/pickled": Repo(adapter("weights pickled")),
        "org/cached": Repo(adapter("file tokenizer_config.json {}")),
        "org/moved": Repo(files, {"main": MAIN}),
        "org/gated": Repo(refused=(403, "GatedRepo")),
        "org/denied": Repo(refused=(401, "")),
        "org/locked": Repo(refused=(403, "")),
        "org/busy": Repo(refused=(429, ""), headers={"Retry-After": "99"}),
        "org/down": Repo(refused=(418, "")),
        "org/disabled": Repo(
            refused=(403, ""), headers={"X-Error-Message": "Access to this resource is disabled."}
        ),
        "org/evil": Repo(files, headers={"X-Repo-Commit": "../../../../evil"}),
    }
    with serving(repos) as found:
        yield found


@pytest.fixture
def cache(hub: Hub, tmp_path: Path) -> Iterator[Path]:
    hub.requests.clear()
    yield tmp_path / "hf" / "hub"
    hub.large_at = None


def judged(hub: Hub, cache: Path, *named: str, **options: Any) -> list[dict[str, Any]]:
    jobs: list[Job] = [(name, options) for name in named]
    return validate_elsewhere(jobs, hub.surroundings(cache))


def command(
    hub: Hub, cache: Path, *arguments: str | Path, cwd: Path | None = None, **env: str
) -> Outcome:
    env = {"HF_HUB_OFFLINE": "0"} | env
    return run(*arguments, env=hub.surroundings(cache, **env), cwd=cwd)


@pytest.mark.slow
def test_what_can_be_named(hub: Hub, cache: Path, base: Path) -> None:
    page = f"{hub.address}/org/both"
    statuses = {
        "hf://org/whole": "valid",
        "hf://org/whole@v1": "valid",
        "hf://org/whole@refs/pr/1": "valid",
        f"hf://org/whole@{OLD}": "valid",
        "hf://short": "valid",
        "hf://org/pickled": "valid",
        "hf://org/spoilt": "invalid",
        "hf://org/both/one": "valid",
        "hf://org/both@main/two": "invalid",
        f"{hub.address}/org/whole": "valid",
        f"{page}/tree/main/two": "invalid",
        f"{page}/tree/{MAIN}/one": "valid",
        f"{page}/blob/main/one/{CONFIG}": "valid",
        f"{page}/resolve/main/two/{WEIGHTS}": "invalid",
    }
    found = judged(hub, cache, *statuses, base=str(base))
    assert {one["path"] for one in found} >= {"hf://org/whole", "hf://org/both@main/one"}
    assert [one["status"] for one in found] == [*statuses.values()]
    online = judged(hub, cache, "org/whole", "org/both@main/two", base=str(base), online=True)
    assert [one["status"] for one in online] == ["valid", "invalid"]
    assert [one["path"] for one in online] == ["org/whole", "org/both@main/two"]
    assert not cache.exists()


def test_everything_is_read_at_one_commit(hub: Hub, cache: Path) -> None:
    (report,) = judged(hub, cache, "hf://org/whole@v1")
    assert report["diagnostics"] == []
    assert [path for _, path, _ in hub.requests] == [
        f"/org/whole/resolve/v1/{CONFIG}",
        f"/org/whole/resolve/{OLD}/{WEIGHTS}",
    ]


def test_an_archive_and_a_weight_file_alone(hub: Hub, cache: Path, base: Path) -> None:
    outcome = command(
        hub,
        cache,
        *("validate", "hf://org/files/all.zip", f"{hub.address}/org/files/blob/main/all.zip"),
        *("hf://org/files/lora.safetensors", "--base", base, "--format", "json"),
    )
    found = reports(outcome)
    at = "hf://org/files/all.zip", "hf://org/files@main/all.zip"
    assert [one["path"] for one in found] == [
        *(f"{archive}/{name}" for archive in at for name in ("one", "two")),
        "hf://org/files/lora.safetensors",
    ]
    assert [one["status"] for one in found] == ["valid", "invalid"] * 2 + ["invalid"]


def test_large_files_are_elsewhere_and_get_no_token(hub: Hub, cache: Path, base: Path) -> None:
    with serving_web() as other:
        other.add_folder("org/whole", adapter())
        hub.large_at = other.address
        named = ("validate", "hf://org/whole", "--base", base, "--format", "json")
        outcome = command(hub, cache, *named, HF_TOKEN=TOKEN)
        assert [one["status"] for one in reports(outcome)] == ["valid"]
        assert [asked.path for asked in other.asked] == [f"/org/whole/{WEIGHTS}"]
        assert "authorization" not in other.asked[0].headers
        assert TOKEN not in json.dumps([dict(asked.headers) for asked in other.asked])
    assert {token for _, _, token in hub.requests} == {f"Bearer {TOKEN}"}
    assert TOKEN not in outcome.out


def test_no_token_is_sent_if_the_user_says_so(hub: Hub, cache: Path) -> None:
    arguments = ("validate", "hf://org/whole")
    command(hub, cache, *arguments, HF_TOKEN=TOKEN, HF_HUB_DISABLE_IMPLICIT_TOKEN="1")  # noqa: S106  # no password
    assert {token for _, _, token in hub.requests} == {""}


REFUSED: Final = {
    "hf://org/nowhere": ("the Hub has no model `org/nowhere`", "check the id, or set `HF_TOKEN`"),
    "hf://org/gated": ("`org/gated` is gated on the Hub", "accept its terms there"),
    "hf://org/denied": ("the Hub answered with status 401", "set `HF_TOKEN`"),
    "hf://org/locked": ("the Hub answered with status 403", "set `HF_TOKEN`"),
    "hf://org/down": ("the Hub answered with status 418", "check the network"),
    "hf://org/disabled": ("access to `org/disabled` is disabled", "download the adapter"),
    "hf://org/whole@v9": ("`org/whole` has no revision `v9` on the Hub", "use an existing branch"),
    "hf://org/files/none.zip": ("`org/files` has no `none.zip` on the Hub", "check the URL"),
    "hf://org/files/none.safetensors": ("does not exist", "check the URL"),
    "hf://org/bare": ("has neither `adapter_config.json` nor", "check the id and the subfolder"),
    "hf://org/both": ("has neither `adapter_config.json` nor", "check the id and the subfolder"),
    "hf://org/bare/README.md": ("is not an adapter folder, a `.safetensors` file", "pass the"),
    "hf://org/busy": ("is limiting requests and asks to wait 99 seconds", "set `HF_TOKEN`"),
}


@pytest.fixture(scope="module")
def refused(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Ask for all of them in one process, since it takes half a second to start."""
    cache = tmp_path_factory.mktemp("empty") / "hub"
    return dict(zip(REFUSED, judged(hub, cache, *REFUSED), strict=True))


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_hub_refuses(name: str, refused: dict[str, dict[str, Any]]) -> None:
    message, advice = REFUSED[name]
    (finding,) = refused[name]["diagnostics"]
    assert refused[name]["status"] == "error"
    assert message in finding["message"]
    assert advice in finding["help"]


def test_a_busy_hub_with_a_token(hub: Hub, cache: Path) -> None:
    out = command(hub, cache, "validate", "hf://org/busy", HF_TOKEN=TOKEN).out
    assert "help: try again later\n" in out


def test_an_endpoint_that_is_no_url(hub: Hub, cache: Path) -> None:
    out = command(hub, cache, "validate", "hf://org/whole", HF_ENDPOINT="bogus").out
    assert f"`bogus/org/whole/resolve/main/{CONFIG}` is not an HTTP URL" in out
    assert "check `HF_ENDPOINT`" in out


def test_a_hub_that_is_not_there(hub: Hub, cache: Path) -> None:
    outcome = command(hub, cache, "validate", "hf://org/whole", HF_ENDPOINT="http://127.0.0.1:9")
    assert outcome.status == 2
    assert "`127.0.0.1:9` refused the connection" in outcome.out
    assert "check the network and `HF_ENDPOINT`" in outcome.out


def test_a_commit_is_no_path(hub: Hub, cache: Path, base: Path) -> None:
    (report,) = judged(hub, cache, "hf://org/evil", base=str(base))
    assert report["status"] == "valid"
    assert all("evil/resolve/main/" in path for _, path, _ in hub.requests)


def test_an_id_needs_online(hub: Hub, cache: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, "validate", "org/whole"],
        env=hub.surroundings(cache),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (said.returncode, said.stderr) == (2, "")
    assert "error[LC001]" in said.stdout
    assert "`org/whole` does not exist" in said.stdout
    assert re.search(r"`--online` or write `hf://org/whole`", said.stdout)
    assert hub.requests == []


def test_a_folder_here_goes_first(hub: Hub, cache: Path, tmp_path: Path) -> None:
    write_adapter(tmp_path / "org" / "whole", SPOILT)
    for named, count in (("org/whole", 0), ("hf://org/whole", 2)):
        arguments = ("validate", named, "--online", "--format", "json")
        outcome = command(hub, cache, *arguments, cwd=tmp_path)
        (report,) = reports(outcome)
        assert ("LC503" in codes(report)) == (count == 0)
        assert len([path for _, path, _ in hub.requests if "whole" in path]) == count


@pytest.mark.slow
def test_the_cache_is_used(hub: Hub, cache: Path, base: Path) -> None:
    for file in (CONFIG, WEIGHTS, "tokenizer_config.json"):
        hub.download(cache, ("org/cached", "main", file))
    hub.requests.clear()
    own = ("--base", str(base), "--format", "json")
    named = {
        "org/cached": 0,
        f"hf://org/cached@{MAIN}": 0,
        "hf://org/cached": 1,  # the commit of `main` is asked for
    }
    for name, count in named.items():
        hub.requests.clear()
        (report,) = reports(command(hub, cache, "validate", name, *own))
        assert (report["path"], report["status"]) == (name, "valid")
        assert "local cache" in json.dumps(report["not_checked"])
        assert len(hub.requests) == count
    offline = command(hub, cache, "validate", "hf://org/cached", *own, HF_HUB_OFFLINE="1")
    assert reports(offline)[0]["status"] == "valid"
    gone = command(hub, cache, "validate", "hf://org/whole", *own, HF_HUB_OFFLINE="1")
    (report,) = reports(gone)
    assert codes(report) == ["LC026"]
    assert "`HF_HUB_OFFLINE` is set" in json.dumps(report)


def test_a_config_alone_in_the_cache_is_no_adapter(hub: Hub, cache: Path, base: Path) -> None:
    hub.download(cache, ("org/cached", "main", CONFIG))
    hub.requests.clear()
    assert command(hub, cache, "validate", "org/cached").status == 2
    (report,) = reports(
        command(hub, cache, "validate", "hf://org/cached", "--base", base, "--format", "json")
    )
    assert report["status"] == "valid"


def test_the_client_is_needed(hub: Hub, cache: Path) -> None:
    code = 'import sys; sys.modules["huggingface_hub"] = None\nfrom loracfg.cli import run; run()'
    said = subprocess.run(
        [sys.executable, "-c", code, "validate", "hf://org/whole"],
        env=hub.surroundings(cache),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 2
    assert "`huggingface_hub` is not installed" in said.stdout
    assert "LC026" in said.stdout
    assert "run `pip install 'loracfg[remote]'`" in said.stdout


def test_a_token_that_no_header_can_have(with_base: Hub, cache: Path) -> None:
    here = write_adapter(cache.parent / "here")
    for code, named in (
        ("LC026", ["hf://org/whole"]),
        ("LC005", [here, "--base", "hf://org/base"]),
    ):
        said = command(with_base, cache, "validate", *named, HF_TOKEN="hf_s\u00e9cret")  # noqa: S106
        assert "the token of the Hub has characters that no token has" in said.out
        assert code in said.out
        assert "cret" not in said.out + said.err


@pytest.fixture
def with_base(hub: Hub, base: Path) -> Hub:
    config = (base / "config.json").read_bytes()
    hub.repos["org/base"] = Repo({"config.json": config, "unet/config.json": config})
    named = 'config {"base_model_name_or_path": "org/base"}'
    hub.repos["org/named"] = Repo(adapter(named))
    hub.repos["org/url"] = Repo(adapter('config {"base_model_name_or_path": "hf://org/base"}'))
    return hub


def test_a_base_on_the_hub(with_base: Hub, cache: Path, tmp_path: Path) -> None:
    here = str(write_adapter(tmp_path / "adapter"))
    used = {
        "hf://org/base": f"org/base@{MAIN}",
        "hf://org/base@main/unet": f"org/base@{MAIN}/unet",
        f"{with_base.address}/org/base/blob/main/config.json": f"org/base@{MAIN}",
    }
    wrong = {
        "hf://org/gated": "`org/gated` is gated on the Hub",
        "hf://org/bare": "`org/bare` has no `config.json` on the Hub",
        "hf://org/base/x": "`org/base` has no `x/config.json` on the Hub",
        "hf://datasets/org/base": "names a dataset",
    }
    jobs: list[Job] = [(here, {"base": name}) for name in (*used, *wrong)]
    found = validate_elsewhere(jobs, with_base.surroundings(cache))
    for report, name in zip(found, used.values(), strict=False):
        assert (report["status"], report["base"]["config"]) == ("valid", name)
    for report, message in zip(found[len(used) :], wrong.values(), strict=True):
        assert (report["status"], codes(report)) == ("error", ["LC005"])
        assert message in report["diagnostics"][0]["message"]


@pytest.mark.slow
def test_the_adapters_base_is_followed_only_online(with_base: Hub, cache: Path) -> None:
    for named, more, status in (
        ("hf://org/named", (), "undetermined"),
        ("hf://org/url", ("--online",), "undetermined"),  # PEFT does not read such a name either
        ("hf://org/named", ("--online",), "valid"),
    ):
        with_base.requests.clear()
        outcome = command(with_base, cache, "validate", named, *more, "--format", "json")
        (report,) = reports(outcome)
        assert report["status"] == status
        asked = any("org/base" in path for _, path, _ in with_base.requests)
        assert asked == (status == "valid")


@pytest.mark.slow
def test_a_repair_of_an_adapter_on_the_hub(hub: Hub, cache: Path, tmp_path: Path) -> None:
    outcome = command(
        hub, cache, "migrate", "org/whole", "--online", "--to", "0.18.0", "--output", tmp_path / "a"
    )
    assert outcome.status == 0
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [CONFIG, WEIGHTS]
    for arguments in (("inspect", "org/whole", "--online"), ("diff", *["hf://org/whole"] * 2)):
        assert command(hub, cache, *arguments).status == 0


def test_a_redirect_within_the_hub_keeps_the_token(hub: Hub, cache: Path) -> None:
    hub.repos["org/moved"] = Repo(refused=(307, ""), headers={"Location": "/org/whole/resolve/x"})
    command(hub, cache, "validate", "hf://org/moved", HF_TOKEN=TOKEN)
    assert ("GET", "/org/whole/resolve/x", f"Bearer {TOKEN}") in hub.requests
