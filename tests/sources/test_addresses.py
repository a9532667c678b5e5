"""What users name: paths, ids, pages of the Hub, and URLs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loracfg
from loracfg.errors import LoracfgError
from loracfg.sources.address import (
    Address,
    HubAddress,
    StandardInput,
    StoreAddress,
    WebAddress,
    parse_address,
)
from loracfg.sources.excluded import Excluded
from loracfg.sources.opening import addresses_of
from loracfg.sources.search import with_searched
from loracfg.urls import visible_url
from tests.cli.running import write_adapter

COMMIT: Final = "8cde5ca8380496c9a6cc7ef3a8b46a0372a1d920"
NAMED: Final[dict[str, Address]] = {
    "-": StandardInput(),
    "adapter": Path("adapter"),
    "./org/name": Path("org/name"),
    "/org/name": Path("/org/name"),
    "a/b/": Path("a/b"),
    "file:///a%20b/c": Path("/a b/c"),
    "file://localhost/a": Path("/a"),
    "org/name": HubAddress("org/name", named="org/name"),
    "org/name@v1": HubAddress("org/name", "v1", named="org/name@v1"),
    "org/name@refs/pr/1": HubAddress("org/name", "refs/pr/1", named="org/name@refs/pr/1"),
    "org/name@a%2Fb/sub": HubAddress("org/name", "a/b", "sub", "org/name@a%2Fb/sub"),
    "org/name/sub/folder": HubAddress("org/name", None, "sub/folder", "org/name/sub/folder"),
    "org/name@v1/sub": HubAddress("org/name", "v1", "sub", "org/name@v1/sub"),
    "hf://org/name": HubAddress("org/name"),
    "hf://gpt2": HubAddress("gpt2"),
    "HF://org/name/": HubAddress("org/name"),
    "hf://models/org/name": HubAddress("org/name"),
    "hf://org/name@v1/sub": HubAddress("org/name", "v1", "sub"),
    f"hf://org/name@{COMMIT}": HubAddress("org/name", COMMIT),
    "hf://org/name@refs/pr/7/sub": HubAddress("org/name", "refs/pr/7", "sub"),
    "https://huggingface.co/org/name": HubAddress("org/name"),
    "https://hf.co/org/name/": HubAddress("org/name"),
    "https://huggingface.co/org/name/tree/main": HubAddress("org/name", "main"),
    "https://huggingface.co/org/name/tree/v1/a/b": HubAddress("org/name", "v1", "a/b"),
    "https://huggingface.co/org/name/tree/refs%2Fpr%2F1": HubAddress("org/name", "refs/pr/1"),
    "https://huggingface.co/org/name/blob/main/x.safetensors?download=true": HubAddress(
        "org/name", "main", "x.safetensors"
    ),
    "https://huggingface.co/org/name/resolve/main/a.zip": HubAddress("org/name", "main", "a.zip"),
    "https://huggingface.co/org/name/tree/main//etc": HubAddress("org/name", "main", "etc"),
    "https://huggingface.co/gpt2": HubAddress("gpt2"),
    "https://example.org/org/name": WebAddress("https://example.org/org/name"),
    "http://example.org:8080/a/?key=1": WebAddress("http://example.org:8080/a/?key=1"),
    "https://huggingface.co:8443/org/name": WebAddress("https://huggingface.co:8443/org/name"),
    "s3://bucket/adapters/one": StoreAddress("s3://bucket/adapters/one"),
    "memory://a": StoreAddress("memory://a"),
    "abfs://box@account/a": StoreAddress("abfs://box@account/a"),
}
WRONG: Final = {
    "hf://": "does not name a repository",
    "hf://a/../b": "does not name a repository",
    "hf://org/name@": "does not name a repository",
    "hf://org/name?download=true": "has a `?`",
    "": "an empty text names no adapter",
    " ": "an empty text names no adapter",
    "hf://org/name/../../etc": "does not name a repository",
    "hf://datasets/org/name": "names a dataset, not a model",
    "hf://spaces/org/name": "names a Space, not a model",
    "https://huggingface.co/datasets/org/name": "is a dataset, not a model",
    "https://huggingface.co/org/name/tree/main/../../secret": "leads out of the repository",
    "https://huggingface.co/org/name/tree/main/%2E%2E/x": "leads out of the repository",
    "https://huggingface.co/org/name/tree/main/a\\..\\x": "leads out of the repository",
    "https://": "has no valid host",
    "https://[::1": "has no valid host",
    "https://host:port/a": "has no valid host",
    "file://server/share": "names no file on this machine",
    "file://": "names no file on this machine",
}


@pytest.mark.parametrize("named", NAMED)
def test_what_is_named(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_address(named) == NAMED[named]


@pytest.mark.parametrize("named", NAMED)
def test_an_address_is_named_again_by_its_text(named: str) -> None:
    address = NAMED[named]
    if "?" not in named and not isinstance(address, Path):
        assert parse_address(str(address)) == address


@pytest.mark.parametrize("named", WRONG)
def test_what_cannot_be_named(named: str) -> None:
    with pytest.raises(LoracfgError) as raised:
        parse_address(named)
    assert WRONG[named] in raised.value.message
    assert raised.value.help


@pytest.mark.parametrize("named", ["org/name", "org/name@v1", "org/name/sub"])
def test_what_exists_here_is_a_path(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / named).mkdir(parents=True)
    assert parse_address(named) == Path(named)


def test_a_dead_link_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org").mkdir()
    (tmp_path / "org/name").symlink_to("nothing")
    assert parse_address("org/name") == Path("org/name")


def test_the_pages_of_another_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:8123")
    assert parse_address("http://127.0.0.1:8123/org/name/tree/v1") == HubAddress("org/name", "v1")
    other = "http://127.0.0.1:8124/org/name/tree/v1"
    assert parse_address(other) == WebAddress(other)


@pytest.mark.parametrize(
    ("file", "folder"),
    [
        ("https://a.org/b/adapter_config.json?key=1", "https://a.org/b?key=1"),
        ("s3://bucket/b/adapter_model.safetensors", "s3://bucket/b"),
        ("hf://org/name/adapter_config.json", "hf://org/name"),
        ("hf://org/name@v1/sub/adapter_model.bin", "hf://org/name@v1/sub"),
        ("org/name/adapter_config.json", "org/name"),
    ],
)
def test_a_file_of_an_adapter_names_its_folder(file: str, folder: str) -> None:
    assert addresses_of([file, folder]) == [parse_address(folder)]


def test_a_text_that_names_nothing_is_reported_beside_others(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "one")
    broken = ["hf://", "http://user:PW@[x", "hf://org/one?x=PW", ""]
    for jobs in (1, 2):
        report = loracfg.validate([*broken, str(adapter)], jobs=jobs)
        assert [one.path for one in report.adapters] == [
            "hf://",
            "http://[x",
            "hf://org/one?…",
            '""',
            str(adapter),
        ]
        *errors, fine = report.adapters
        assert fine.status == "undetermined"
        for one in errors:
            assert one.status == "error"
            assert [found.code for found in one.diagnostics] == ["LC001"]
            assert "PW" not in str(one)


def test_what_is_named_twice_is_opened_once() -> None:
    assert len(addresses_of(["org/name", "org/name", "s3://a", "s3://a", "-", "-"])) == 3


@pytest.mark.parametrize(
    ("named", "count"),
    [
        (["https://a.org/b?n=one", "https://a.org/b?n=two"], 2),
        (["https://a.org/b.zip?v=1", "https://a.org/b.zip?v=2"], 2),
        (["https://me:1@a.org/b", "https://you:2@a.org/b"], 2),
        (["https://a.org/b", "https://a.org/b/", "https://a.org/b#c"], 1),
        (["https://a.org/b?n=one", "https://a.org/b/?n=one"], 1),
        (["s3://a/b", "s3://a/b/"], 1),
        (["s3://a/b?c", "s3://a/b?d", "s3://a/b#c"], 3),
        (["here", "{here}/here", "file://{here}/here", "./here/"], 1),
    ],
)
def test_the_whole_address_tells_adapters_apart(named: list[str], count: int) -> None:
    addresses = addresses_of([text.format(here=Path.cwd().as_posix()) for text in named])
    found = list(with_searched(addresses, Excluded()))
    assert found[0] == addresses[0]
    assert len(found) == count


def said_of(text: str) -> str:
    """Return an address as it is shown, or why it is refused."""
    try:
        return str(parse_address(text))
    except LoracfgError as error:
        return str(error)


SECRETS: Final = ("pa55", "t0ken", "fr4gment")


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pa55@a.org/b?key=t0ken#fr4gment",
        "https://pa55@a.org:1/b?t0ken",
        "sftp://user:pa55@a.org/b#fr4gment",
    ],
)
def test_secrets_are_not_shown(url: str) -> None:
    assert said_of(url) == visible_url(url)
    assert "/b" in visible_url(url)
    assert not any(secret in visible_url(url) for secret in SECRETS)


@pytest.mark.parametrize("url", ["https://user:pa55@[::1/b?key=t0ken", "https://user:x/pa55@a/b"])
def test_secrets_in_a_broken_url_are_not_shown(url: str) -> None:
    assert "has no valid host" in said_of(url)
    assert not any(secret in said_of(url) for secret in SECRETS)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("s3://", "`s3://` names no folder; write `s3://bucket/folder`"),
        ("GS:///", "`gs://` names no folder"),
        ("simplecache::s3://a/b", "URLs are chained after `simplecache`"),
        ("zip://a/b::https://a.org/b.zip?t0ken", "URLs are chained after `zip`"),
        ("hf://org/name?key=t0ken", "`hf://org/name?…` has a `?`, which no id on the Hub has"),
        ("hf://org/name#t0ken", "`hf://org/name#…` has a `#`"),
    ],
)
def test_urls_that_name_no_adapter(named: str, message: str) -> None:
    assert message in said_of(named)
    assert "t0ken" not in said_of(named)


def test_a_scheme_in_upper_case_is_the_same() -> None:
    assert parse_address("S3://Box/A") == parse_address("s3://Box/A")
    assert parse_address("HF://org/name") == parse_address("hf://org/name")


def test_what_looks_like_a_chain_and_is_none() -> None:
    assert parse_address("http://[::1]/a?b::s3://c") == WebAddress("http://[::1]/a?b::s3://c")


@given(st.text(max_size=40) | st.from_regex(r"(hf|https?|s3|file)://[\w/@:?#\[\].%-]{0,30}"))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    assert said_of(text)
