"""What a policy is about is asked for by name where a server lists no files."""

from __future__ import annotations

from pathlib import Path

import pytest

from loracfg.analysis.policy import Policy
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.report.render import render
from loracfg.report.report import AdapterReport, Report
from tests.cli.running import call, run
from tests.hub_server import Repo, serving
from tests.sources.adapters import adapter, packed
from tests.web_server import WebServer

pytest.importorskip("huggingface_hub", reason="the Hub is read through it")
pytest.importorskip("httpx2", reason="URLs are read with it")

APACHE = "raw README.md ---\\nlicense: apache-2.0\\n---\\n"
OTHER = "raw README.md ---\\nlicense: cc-by-nc-4.0\\n---\\n"
LICENSES = Policy(licenses=("apache-2.0",))
NO_PICKLES = Policy(no_pickles=True)
UNLISTED = "the server does not list them"


def judged(url: str, policy: Policy, base: Path) -> AdapterReport:
    (report,) = Engine(Options(base=str(base), policy=policy)).validate(url).adapters
    return report


def outcome(report: AdapterReport) -> tuple[str, list[str]]:
    return report.status, [d.code for d in report.diagnostics]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [((APACHE,), ("valid", [])), ((OTHER,), ("invalid", ["LC912"])), ((), ("valid", []))],
    ids=["allowed", "forbidden", "none"],
)
def test_the_card_is_asked_for(
    lines: tuple[str, ...], expected: tuple[str, list[str]], server: WebServer, base: Path
) -> None:
    url = server.add_folder("a", adapter(*lines))
    assert outcome(judged(url, LICENSES, base)) == expected
    assert [asked.path for asked in server.asked][2:] == ["/a/README.md"]


def test_a_card_that_is_refused_is_an_error(base: Path) -> None:
    from tests.sources.faulty_server import serving_faults

    with serving_faults(adapter(OTHER)) as faulty:
        url = f"{faulty.address}/status-403@README.md/a"
        report = judged(url, LICENSES, base)
        assert outcome(report) == ("error", ["LC026"])
        assert outcome(judged(url, Policy(), base)) == ("valid", [])


def test_pickles_are_asked_for_and_others_are_not_checked(server: WebServer, base: Path) -> None:
    url = server.add_folder("a", adapter("file optimizer.pt x"))
    assert outcome(judged(url, NO_PICKLES, base)) == ("invalid", ["LC705", "LC915"])
    report = judged(server.add_folder("b", adapter()), NO_PICKLES, base)
    assert outcome(report) == ("undetermined", [])
    assert (report.not_checked[0].what, report.not_checked[0].why) == (
        "other pickled files",
        UNLISTED,
    )


def test_what_was_not_checked_has_a_line_in_concise(server: WebServer, base: Path) -> None:
    url = server.add_folder("a", adapter())
    reports = Report("", (judged(url, NO_PICKLES, base), judged(url, Policy(), base)))
    line = f"{url}: not checked: other pickled files ({UNLISTED})\n"
    assert render(reports, "concise").count(line) == 1


def test_the_exit_status(
    server: WebServer, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loracfg.toml").write_text("[policy]\nno-pickles = true\n")
    named = "validate", server.add_folder("a", adapter()), "--base", base
    assert call(*named).status == 0
    assert call(*named, "--strict").status == 1


def test_an_archive_says_that_its_card_is_not_read(tmp_path: Path, base: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(adapter(OTHER), "zip"))
    assert judged(str(tmp_path / "a.zip"), LICENSES, base).status == "undetermined"


def test_a_repaired_adapter_keeps_the_card(server: WebServer, base: Path) -> None:
    from loracfg.engine.fixing import fix

    url = server.add_folder("a", adapter("rename ^base_model.model. ->", OTHER))
    with fix(url, base=str(base), policy=LICENSES) as repaired:
        assert outcome(repaired.after) == ("invalid", ["LC912"])


@pytest.mark.slow
def test_the_hub(tmp_path: Path, base: Path) -> None:
    cache = tmp_path / "hf" / "hub"
    (tmp_path / "loracfg.toml").write_text("[policy]\nlicenses = ['apache-2.0']\n")
    files = adapter(OTHER)
    with serving({"org/name": Repo(files)}) as hub:

        def said(*named: str) -> str:
            command = ("validate", *named, "--base", str(base), "--format", "concise")
            return run(*command, env=hub.surroundings(cache, HF_HUB_OFFLINE="0"), cwd=tmp_path).out

        assert "LC912" in said("hf://org/name")
        hub.download(cache, *(("org/name", "main", file) for file in files if "adapter" in file))
        assert "LC912" in said("hf://org/name")
        assert "LC912" in said("org/name", "--online")
        assert "org/name: not checked: the license (the local cache has only" in said("org/name")
