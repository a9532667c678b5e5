"""Versions of engines: which there are, and what is said of those that nobody tried."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loracfg import LoracfgError
from loracfg.report.formats import FORMATS
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile import Runtime
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.versions import is_in, is_of, listed, nearest, parts, pattern_of
from loracfg.testing.building.judging import judged
from tests.cli.running import call, write_adapter, write_base
from tests.runtimes.extract.released import changes, packed
from tests.runtimes.patterns import text_pattern

NEWEST: Final = profile_of("vllm").newest
SGLANG: Final = profile_of("sglang")
RELEASES: Final = ("0.9.0", "0.9.2", "0.9.2.post1", "0.10.0", "0.10.1.1", "1.2.9")


@pytest.mark.parametrize("name", names())
def test_checked_versions_are_released_and_in_range(name: str) -> None:
    profile = profile_of(name)
    assert profile.looked_at
    assert list(profile.releases) == sorted(set(profile.releases), key=parts)
    assert not profile.package or profile.releases
    file = f"loracfg/runtimes/facts/{name}.toml"
    bounds = {profile.newest, profile.oldest or profile.newest}
    for version in (*bounds, *profile.looked_at):
        is_released = profile.by_date or not profile.releases
        advice = f"{version}: run `python -m tests.runtimes.extract.released {name}`"
        assert is_released or any(is_of(one, version) for one in profile.releases), advice
    for version in profile.looked_at:
        advice = f"{file}: take {version} out of `untried`, since a check names it"
        assert not is_in(version, profile.untried or ">=99999"), advice
        advice = f"{file}: raise `newest` to {version}, or lower `oldest`, since a check names it"
        assert not Runtime(profile, version, profile.values).untried, advice
    for bound in bounds:
        advice = f"{file}: add {bound} to `versions` of a check, or change `newest` or `oldest`"
        assert any(is_of(one, bound) for one in profile.looked_at), advice
    for check in profile.checks:
        advice = f"{file}: `checked` is {profile.checked}, later than `on` of a check that was read"
        assert check.by != "read" or check.on >= profile.checked, advice
    assert not find_runtime(name).untried


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"vllm=={NEWEST.removesuffix('.0')}", ""),
        (f"vllm=={NEWEST}", ""),
        ("transformers==4.57", ""),
        ("vllm==0.14.1", "nobody has tried it, so the answer is the one for 0.14.0"),
        (f"vllm=={NEWEST}.7", f"nobody has tried it, and the newest known release is {NEWEST}"),
        ("vllm==0.99", f"nobody has tried it, and the newest known release is {NEWEST}"),
        ("sglang==1", f"nobody has tried it, and the newest known release is {SGLANG.newest}"),
        ("sglang==0.4.6.post5", f"nobody has tried it, only {SGLANG.tried}"),
        ("vllm==0", f"nobody has tried it, only {profile_of('vllm').tried}"),
        ("vllm==0.8.5", f"nobody has tried it, only {profile_of('vllm').tried}"),
        ("transformers==5.1", "nobody has tried it, only 3 releases from 4.57.6 to 5.24.0"),
    ],
)
def test_caveats_for_untried_versions(text: str, said: str) -> None:
    assert find_runtime(text).untried == said


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("vllm==0.12.7", "use `0.12.0` or `0.13.0`"),
        ("vllm==0.14.2", "use `0.14.1` or `0.15.0`"),
        ("transformers==4.58", "use `4.57.6` or `5.0.0`"),
        ("sglang==0.5.3.post9", "use `0.5.3.post3` or `0.5.4`"),
        ("lmdeploy==0.0.1", "use `0.0.10`"),
        ("vllm==v0.33.0", f"write it as in `vllm=={NEWEST}`"),
        ("vllm==0.33.0rc1", f"write it as in `vllm=={NEWEST}`"),
        ("vllm==0.033", f"write it as in `vllm=={NEWEST}`"),
        ("vllm==latest", f"write it as in `vllm=={NEWEST}`"),
        ("llama.cpp==b7000", f"write it as in `llama.cpp=={profile_of('llama.cpp').newest}`"),
    ],
)
def test_versions_that_never_existed_are_rejected(text: str, near: str) -> None:
    with pytest.raises(LoracfgError) as caught:
        find_runtime(text)
    assert caught.value.help == near


def test_every_answer_begins_with_the_caveat(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", 'made with {"use_dora": true}')
    base = write_base(tmp_path / "base")
    for version in ("0.14.1", "0.8.5", "0.99"):
        asked = ("compat", adapter, "--base", base, "--for", f"vllm=={version}")
        row, *below = call(*asked).out.split("\n\n")
        assert "raises" in row
        assert below[0].splitlines()[1].startswith("  nobody has tried it, ")
        (data,) = json.loads(call(*asked, "--format", "json").out)
        assert data["untried"].startswith("nobody has tried it, ")
    tried = ("compat", adapter, "--base", base, "--for", "vllm==0.14.0", "--format", "json")
    (data,) = json.loads(call(*tried).out)
    assert data["untried"] is None
    checks = profile_of("vllm").checks
    assert {check["by"] for check in data["checks"]} == {"run", "read"}
    assert [check["versions"] for check in data["checks"]] == [list(c.versions) for c in checks]


@pytest.mark.parametrize(
    ("runtime", "lines", "code", "message"),
    [
        ("vllm==0.14.1", "", "LC803", "vLLM 0.14.1: nobody has tried it"),
        ("vllm==0.99", "", "LC803", "it is unknown what vLLM 0.99 does: nobody has tried it"),
        (
            "vllm==0.99",
            'made with {"use_dora": true}',
            "LC801",
            "vLLM 0.99, which nobody has tried",
        ),
        ("vllm==0.14.1", 'made with {"use_dora": true}', "LC803", "vLLM 0.14.1: nobody has tried"),
        ("vllm==0.33", "base none", "LC803", "vLLM 0.33 only loads it if it supports adapters"),
    ],
)
def test_reports_show_the_caveat(runtime: str, lines: str, code: str, message: str) -> None:
    report = judged(*filter(None, [lines, f"for {runtime}"]))
    (found,) = (d for d in report.diagnostics if d.code == code)
    assert found.message.startswith(message)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_the_caveat(name: str, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a")
    base = write_base(tmp_path / "base")
    asked = ("validate", adapter, "--base", base, "--format", name, "--for")
    assert "nobody has tried it" in call(*asked, "vllm==0.14.1").out
    assert "nobody has tried it" not in call(*asked, "vllm==0.14.0").out


NUMBERS: Final = st.sampled_from(["0", "1", "2", "3", "9", "10", "11", "19", "20", "99", "100"])
VERSIONS: Final = st.builds(
    lambda numbers, post: ".".join(numbers) + post,
    st.lists(NUMBERS, min_size=1, max_size=4),
    st.sampled_from(["", ".post0", ".post1", ".post2"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VERSIONS)
@example("1.2.9.post1")
@example("1.2.9.0")
@example("0.9.2")
def test_pattern_accepts_releases_series_and_newer_versions(version: str) -> None:
    is_release = any(is_of(one, version) for one in RELEASES)
    is_newer = parts(version) > parts(RELEASES[-1])
    found = re.fullmatch(pattern_of(RELEASES), version)
    assert (found is not None) == (is_release or is_newer)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.from_regex(text_pattern(), fullmatch=True).filter(str.isprintable))
def test_every_text_that_the_pattern_accepts_is_found(text: str) -> None:
    assert text.startswith(find_runtime(text).profile.name)


def test_order_of_versions() -> None:
    ordered = ["0.9", "0.9.0.post1", "0.9.0.1", "0.9.1", "0.10", "0.10.0.post2", "1"]
    assert sorted(ordered, key=parts) == ordered
    assert parts("0.9.0.post1") == parts("0.9.post1")
    assert is_in("0.9.0.post1", ">=0.9,<0.9.1")
    assert nearest("0.9.1", RELEASES) == ("0.9.0", "0.9.2")
    assert nearest("0.1", RELEASES) == ("0.9.0",)


@pytest.mark.parametrize("name", names())
def test_packed_releases_round_trip(name: str) -> None:
    releases = profile_of(name).releases
    assert tuple(listed(" ".join(packed(releases)))) == releases


def test_changes_of_releases_in_words() -> None:
    assert changes(["0.9.0", "0.10.0"], ["0.9.0", "0.10.0"]) == "nothing new"
    assert changes(["0.9.0"], ["0.9.0", "0.11.0", "0.10.0"]) == "new: 0.10.0, 0.11.0"
    assert changes(["0.9.0", "1.0"], ["0.9.0", "2.0"]) == "new: 2.0; gone: 1.0"
