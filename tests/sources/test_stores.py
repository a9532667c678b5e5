"""Object stores: what fsspec keeps in memory, and S3 from a server that moto runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.sources.address import StoreAddress
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.store import StorePlace, store_at
from tests.cli.running import ROOT, call, hashes, write_adapter
from tests.sources.adapters import CONFIG, PICKLE, WEIGHTS, adapter, codes, packed, reports
from tests.sources.validating import Job, validate_elsewhere

fsspec = pytest.importorskip("fsspec", reason="stores are read with it")

SPOILT: Final = 'config {"r": 8}'
SECRET: Final = "s3cret"  # noqa: S105  # of no one


@pytest.fixture
def memory() -> Iterator[Any]:
    store = fsspec.filesystem("memory")
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]


def put(store: Any, folder: str, files: Mapping[str, bytes]) -> str:
    for name, data in files.items():
        store.makedirs(str(Path(f"/{folder}/{name}").parent), exist_ok=True)
        store.pipe_file(f"/{folder}/{name}", data)
    return f"memory://{folder}"


def judged(*named: str, base: Path | None = None, more: tuple[str, ...] = ()) -> list[Any]:
    options = ("--base", base) if base else ()
    return reports(call("validate", *named, *options, *more, "--format", "json"))


@pytest.mark.parametrize("end", ["", "/", f"/{CONFIG}", f"/{WEIGHTS}"])
def test_a_folder_is_listed(end: str, memory: Any, base: Path) -> None:
    url = put(memory, "a/b", adapter("file README.md words"))
    (report,) = judged(url + end, base=base)
    assert (report["path"].rstrip("/"), report["status"]) == (url, "valid")
    assert report["not_checked"] == []


def test_all_files_count(memory: Any, base: Path, tmp_path: Path) -> None:
    lines = ("file tokenizer_config.json {}", "file optimizer.pt x", "file sub/ ", SPOILT)
    (there,) = judged(put(memory, "a", adapter(*lines)), base=base)
    (here,) = judged(str(write_adapter(tmp_path / "a", *lines)), base=base)
    assert there["diagnostics"] == here["diagnostics"]
    assert there["not_checked"] == here["not_checked"]
    assert there["status"] == "invalid"


def test_a_folder_of_folders(memory: Any) -> None:
    put(memory, "all/one", adapter())
    (there,) = judged("memory://all")
    assert codes(there) == ["LC002"]
    (found,) = there["diagnostics"]
    assert found["message"].endswith("but the adapter is in `one/`")
    assert found["help"] == "pass `one/`"


def test_files(memory: Any, base: Path) -> None:
    both = {f"{name}/{file}": data for name in ("one", "two") for file, data in adapter().items()}
    put(memory, "x", {"lora.safetensors": adapter()[WEIGHTS], "all.tar.gz": packed(both, "tar.gz")})
    (alone,) = judged("memory://x/lora.safetensors", base=base)
    assert "LC003" in codes(alone)
    found = judged("memory://x/all.tar.gz", base=base)
    assert [one["path"] for one in found] == [f"memory://x/all.tar.gz/{n}" for n in ("one", "two")]
    for gone in ("none.safetensors", "none.zip", "none"):
        (report,) = judged(f"memory://x/{gone}")
        assert (report["status"], codes(report)) == ("error", ["LC026"])
        assert "does not exist" in report["diagnostics"][0]["message"]


def test_a_pickle_and_an_empty_file(memory: Any) -> None:
    (pickled,) = judged(put(memory, "p", adapter("weights pickled")))
    assert pickled["coverage"]["tensors"] == 8
    (empty,) = judged(put(memory, "e", adapter() | {WEIGHTS: b"", PICKLE: b""}))
    assert empty["status"] == "invalid"


def test_a_base_in_a_store(memory: Any, base: Path) -> None:
    url = put(memory, "a", adapter())
    at = put(memory, "base", {"config.json": (base / "config.json").read_bytes()})
    for named in (at, f"{at}/config.json"):
        (report,) = judged(url, more=("--base", named))
        assert (report["status"], report["base"]["config"]) == ("valid", f"{at}/config.json")
    (report,) = judged(url, more=("--base", "memory://none"))
    assert codes(report) == ["LC005"]


def test_a_copy_has_all_files(memory: Any, base: Path, tmp_path: Path) -> None:
    lines = ("rename ^base_model.model. ->", "file README.md Some words")
    url = put(memory, "a", adapter(*lines))
    here = write_adapter(tmp_path / "here", *lines)
    for named, output in ((url, "there"), (here, "mine")):
        said = call("fix", named, "--base", base, "--output", tmp_path / output)
        assert said.status == 0
        assert "not copied" not in said.err
    there, mine = hashes(tmp_path / "there"), hashes(tmp_path / "mine")
    assert [*there.values()] == [*mine.values()]
    assert len(there) == 3


def test_a_file_that_is_no_adapter(memory: Any, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"{}")
    (here,) = judged(str(tmp_path / "config.json"))
    put(memory, "base", {"config.json": b"{}"})
    (there,) = judged("memory://base/config.json")
    assert codes(there) == ["LC002"]
    own, other = here["diagnostics"][0], there["diagnostics"][0]
    assert other["message"] == own["message"].replace(str(tmp_path), "memory://base")
    assert other["help"] == own["help"]


def test_names_with_the_marks_of_urls(memory: Any, base: Path) -> None:
    put(memory, "a?x", adapter())
    for url in ("memory://a?x", f"memory://a?x/{CONFIG}"):
        (report,) = judged(url, base=base)
        assert (report["path"], report["status"]) == ("memory://a?…", "valid")
    (gone,) = judged("memory://a?y")
    assert "`memory://a?…` does not exist" in gone["diagnostics"][0]["message"]


@pytest.mark.parametrize("scheme", ["foo", "ftp", "github", "jupyter", "simplecache", "webhdfs"])
def test_schemes_that_are_no_store(scheme: str) -> None:
    (report,) = judged(f"{scheme}://me:{SECRET}@box/a?key={SECRET}")
    (finding,) = report["diagnostics"]
    assert f"`{scheme}` is no protocol of a known store" in finding["message"]
    assert SECRET not in json.dumps(report)


def test_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    (report,) = judged("gs://box/a")
    assert "gcsfs" in report["diagnostics"][0]["message"]
    assert report["diagnostics"][0]["help"] == "install that package in loracfg's environment"
    monkeypatch.setitem(sys.modules, "fsspec", None)
    (report,) = judged("s3://box/a")
    assert codes(report) == ["LC026"]
    assert "`fsspec` is not installed" in report["diagnostics"][0]["message"]
    assert report["diagnostics"][0]["help"] == "run `pip install 'loracfg[remote]'`"


class _Store:
    """A file system whose every operation is the same."""

    def __init__(self, error: Exception | None = None, seconds: float = 0) -> None:
        self.error, self.seconds = error, seconds

    def info(self, path: str) -> dict[str, Any]:
        import time

        time.sleep(self.seconds)
        if self.error:
            raise self.error
        return {"name": path, "size": 1, "type": "file"}

    def ls(self, path: str, detail: bool) -> list[dict[str, Any]]:
        return [self.info(path)]


class NoCredentialsError(Exception):
    """What botocore raises has this name."""


class ClientError(Exception):
    """What botocore raises for an answer of S3."""

    def __init__(self, code: str) -> None:
        super().__init__(SECRET)
        self.response = {"Error": {"Code": code, "Message": SECRET}}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(SECRET), "the store refuses access to `s3://a`"),
        (ValueError(f"Invalid endpoint: {SECRET}"), "the endpoint of the store is not a URL"),
        (FileNotFoundError(SECRET), "does not exist"),
        (TimeoutError(SECRET), "cannot be reached (TimeoutError)"),
        (ConnectionError(SECRET), "cannot be reached (ConnectionError)"),
        (NoCredentialsError(SECRET), "without credentials (NoCredentialsError)"),
        (ValueError(SECRET), "cannot be read (ValueError)"),
        (RuntimeError(SECRET), "cannot be read (RuntimeError)"),
        (ClientError("NoSuchBucket"), "does not exist"),
        (ClientError("AccessDenied"), "the store refuses access to `s3://a`"),
        (ClientError("SlowDown"), "cannot be read (ClientError)"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else "",
)
def test_errors_of_a_store_are_in_our_words(error: Exception, message: str) -> None:
    place = StorePlace(_Store(error), "a", "s3://a")
    with pytest.raises(RemoteError) as raised:
        place.folder("a")
    assert message in raised.value.message
    assert raised.value.help
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_store_that_does_not_answer() -> None:
    place = StorePlace(_Store(seconds=5), "a", "s3://a", seconds=0.1)
    with pytest.raises(RemoteError, match=r"did not answer within 0\.1 seconds"):
        place.file("a")


def test_a_file_that_changes(memory: Any) -> None:
    put(memory, "a", adapter("metadata padded 100000"))
    place = store_at(StoreAddress("memory://a"))
    stream = place.folder(place.path).open(WEIGHTS)
    assert stream.read(10)
    memory.pipe_file(f"/a/{WEIGHTS}", b"short")
    with pytest.raises(RemoteError, match="changed while it was read"):
        stream.read()


S3: Final = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""
UPLOAD: Final = """
import json, sys
from base64 import b64decode
import s3fs
store = s3fs.S3FileSystem()
store.mkdir("box")
for name, data in json.load(sys.stdin).items():
    store.pipe_file(f"box/{name}", b64decode(data))
"""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Run an S3 server with adapters, and return the environment to use it."""
    from base64 import b64encode

    pytest.importorskip("moto.server", reason="it is the S3 server")
    pytest.importorskip("s3fs", reason="S3 is read with it")
    home = tmp_path_factory.mktemp("s3")
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    env |= {"PYTHONPATH": os.pathsep.join([str(ROOT), env.get("PYTHONPATH", "")])}
    env |= {"HOME": str(home), "NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "ignore"}
    server = subprocess.Popen(
        [sys.executable, "-c", S3],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        env |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(server.stdout.readline())}",
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        files = {f"one/{name}": data for name, data in adapter("file README.md words").items()}
        files |= {f"two/{name}": data for name, data in adapter(SPOILT).items()}
        files |= {"two/": b"", "lora.safetensors": adapter()[WEIGHTS]}
        files |= {"all.zip": packed({f"in/{n}": data for n, data in adapter().items()}, "zip")}
        files |= {f"long/{n}": d for n, d in adapter("metadata padded 200000").items()}
        encoded = {name: b64encode(data).decode() for name, data in files.items()}
        subprocess.run(
            [sys.executable, "-c", UPLOAD],
            env=env,
            input=json.dumps(encoded),
            text=True,
            check=True,
        )
        yield env
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()


@pytest.mark.slow
def test_s3(s3: dict[str, str], base: Path) -> None:
    statuses = {
        "s3://box/one": "valid",
        "s3://box/one/": "valid",
        f"s3://box/one/{WEIGHTS}": "valid",
        "s3://box/two": "invalid",
        "s3://box/long": "valid",
        "s3://box/lora.safetensors": "invalid",
        "s3://box/all.zip": "valid",
        "s3://box/none": "error",
        "s3://box/none.safetensors": "error",
        "s3://nobox/one": "error",
    }
    jobs: list[Job] = [(name, {"base": str(base)}) for name in statuses]
    jobs.append(("s3://box/one", {"base": "s3://box/none"}))
    found = validate_elsewhere(jobs, s3)
    assert [one["status"] for one in found] == [*statuses.values(), "error"]
    assert [codes(one) for one in found[-4:]] == [["LC026"]] * 3 + [["LC005"]]
    assert SECRET not in json.dumps(found)
    whole = found[0]
    assert (whole["not_checked"], whole["diagnostics"]) == ([], [])
    assert "LC503" in codes(found[3])


@pytest.mark.slow
def test_s3_without_credentials_or_server(s3: dict[str, str]) -> None:
    bare = {name: value for name, value in s3.items() if not name.startswith("AWS_")}
    nobody = bare | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}
    gone = s3 | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"}
    nobody["AWS_ENDPOINT_URL"] = s3["AWS_ENDPOINT_URL"]
    for env, words in ((nobody, "without credentials"), (gone, "cannot be reached")):
        (report,) = validate_elsewhere([("s3://box/one", {})], env)
        assert codes(report) == ["LC026"]
        assert words in report["diagnostics"][0]["message"]
