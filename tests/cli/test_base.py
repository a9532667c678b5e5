"""`loracfg base trace` in separate processes, mostly on a model with its own code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.base.catalogue import lookup
from loracfg.config.schema.schema_files import ARCHITECTURE
from tests.base.remote_code import CONFIG, write_novel
from tests.cli.novel import HIDDEN, LIGHT, Novel, adapter_of, make_novel
from tests.cli.running import CODE, Outcome, call
from tests.forks import forking
from tests.hub_server import MAIN, Hub, Repo, serving
from tests.schema.reading import errors, validator
from tests.zoo import tiny_model

pytestmark = pytest.mark.slow

LIBRARIES: Final = (
    "import loracfg.cli, torch, transformers.dynamic_module_utils, transformers.modeling_utils"
)


@pytest.fixture(scope="module")
def novel(tmp_path_factory: pytest.TempPathFactory) -> Novel:
    return make_novel(tmp_path_factory.mktemp("novel"))


@pytest.fixture(scope="module")
def forked(novel: Novel) -> Iterator[Callable[..., Outcome]]:
    """Trace in forks of a process that has already imported torch and transformers."""
    with forking(LIBRARIES, novel.surroundings()) as forks:

        def trace(*arguments: str | Path) -> Outcome:
            novel.ran.unlink(missing_ok=True)
            return Outcome(*forks.run(CODE, "base", "trace", *arguments, env=novel.surroundings()))

        yield trace


@pytest.fixture(scope="module")
def file(novel: Novel) -> Path:
    path = novel.base.parent / "novel.architecture.json"
    outcome = novel.trace(novel.base, "--trust-remote-code", "--output", path)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert novel.ran.exists()
    return path


def tree_of(text: str) -> dict[str, dict[str, Any]]:
    value = json.loads(text)
    assert errors(validator(ARCHITECTURE), value) == []
    return {module["path"]: module for module in value["modules"]}


def test_the_file_has_what_the_code_makes(file: Path) -> None:
    value = json.loads(file.read_text())
    modules = tree_of(file.read_text())
    assert value["class"] == "NovelForCausalLM"
    assert value["model_type"] == "novel"
    assert value["input_embeddings"] == "trunk.words"
    assert value["output_embeddings"] == "output"
    assert value["vocab_size"] == 56
    assert value["libraries"].keys() == {"torch", "transformers"}
    assert modules["trunk.blocks.1.wqkv"]["parameters"] == {"weight": [72, 24]}
    assert modules["trunk.blocks.1.conv"]["groups"] == 24


def test_the_file_is_the_same_each_time_and_from_the_config_alone(
    novel: Novel, forked: Callable[..., Outcome], file: Path
) -> None:
    outcome = forked(novel.base / "config.json", "--trust-remote-code")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == file.read_text()


@pytest.mark.parametrize("which", ["adapter", "untasked"])
def test_real_adapters_are_valid_where_no_torch_is(novel: Novel, file: Path, which: str) -> None:
    folder = getattr(novel, which)
    outcome = novel.run("validate", folder, "--base", file, "--format", "json", code=LIGHT)
    assert (outcome.status, outcome.err) == (0, "")
    adapter = adapter_of(outcome)
    found = [one["code"] for one in adapter["diagnostics"]]
    # `AutoPeftModel` imports no class of code that came with a model.
    assert (adapter["status"], found) == ("valid", ["LC333"] if which == "untasked" else [])
    assert adapter["not_checked"] == []
    assert adapter["coverage"]["applied"] == adapter["coverage"]["tensors"] > 10
    assert adapter["base"] == {
        "source": "transformers",
        "model_type": "novel",
        "class": "NovelForCausalLM",
        "config": str(file),
    }


def test_an_adapter_of_other_shapes_is_invalid(novel: Novel, file: Path, tmp_path: Path) -> None:
    wider = tmp_path / "wider.json"
    wider.write_text(file.read_text().replace("[72, 24]", "[75, 24]"))
    outcome = novel.run("validate", novel.adapter, "--base", wider, code=LIGHT)
    assert outcome.status == 1
    assert "(75, 4)" in outcome.out


def test_without_the_flag_the_code_does_not_run(novel: Novel, tmp_path: Path) -> None:
    named: tuple[list[str], ...] = ([], ["--class", "NovelModel"], ["--class", "NovelForRanking"])
    for more, code in product(named, (CODE, HIDDEN.format(name="torch"))):
        output = tmp_path / "x.json"
        outcome = novel.trace(novel.base, *more, "--output", output, code=code)
        assert (outcome.status, outcome.out) == (2, "")
        assert outcome.err.count("\n") == 1
        assert "use `--trust-remote-code` to run it" in outcome.err
        assert not novel.ran.exists()
        assert not output.exists()
    for code in (CODE, LIGHT):
        outcome = novel.run("validate", novel.adapter, "--base", novel.base, code=code)
        assert "file with `loracfg base trace`" in outcome.out
    assert not novel.ran.exists()


@pytest.mark.parametrize(
    ("class_name", "path"),
    [("NovelModel", "blocks.0.up"), ("NovelForRanking", "trunk.blocks.0.up")],
)
def test_other_classes_of_the_code(
    novel: Novel, forked: Callable[..., Outcome], class_name: str, path: str
) -> None:
    outcome = forked(novel.base, "--class", class_name, "--trust-remote-code")
    assert (outcome.status, outcome.err) == (0, "")
    assert json.loads(outcome.out)["class"] == class_name
    assert path in tree_of(outcome.out)


@pytest.mark.parametrize("class_name", ["Helper", "NoSuchModel"])
def test_classes_that_are_not_model_classes_of_the_code(
    novel: Novel, forked: Callable[..., Outcome], class_name: str
) -> None:
    outcome = forked(novel.base, "--class", class_name, "--trust-remote-code")
    assert (outcome.status, outcome.out) == (2, "")
    assert f"has no model class `{class_name}`" in outcome.err


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": "many"}, "`NovelForCausalLM` cannot be built: "),
        ({"auto_map": {"AutoModel": "modeling_none.NovelModel"}}, "modeling_none.py"),
        ({"auto_map": {"AutoModel": "no reference"}}, "cannot be built: "),
    ],
)
def test_broken_code_gives_one_sentence(
    forked: Callable[..., Outcome], tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    outcome = forked(write_novel(tmp_path / "base", **changes), "--trust-remote-code")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: ")
    assert outcome.err.count("\n") == 1
    assert message in outcome.err


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_hidden_layers": 10**9}, "1000000000"),
        ({"auto_map": {}, "architectures": None}, "the config names no class"),
        ({"auto_map": {"AutoModel": ["x"]}, "architectures": 3}, "the config names no class"),
    ],
)
def test_some_configs_are_refused_before_code_runs(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    outcome = call("base", "trace", write_novel(tmp_path, **changes), "--trust-remote-code")
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err


def in_cache(novel: Novel, cache: Path, *names: str) -> Path:
    """Put files of the model into a cache, as `org/novel`."""
    repo = cache / "models--org--novel"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text(MAIN)
    snapshot = repo / "snapshots" / MAIN
    snapshot.mkdir(parents=True)
    for name in names:
        (snapshot / name).write_bytes((novel.base / name).read_bytes())
    return cache


def test_an_id_in_the_cache(novel: Novel, file: Path, tmp_path: Path) -> None:
    names = [path.name for path in novel.base.iterdir() if path.is_file()]
    cache = in_cache(novel, tmp_path / "hub", *names)
    outcome = novel.trace("org/novel", "--trust-remote-code", HF_HUB_CACHE=str(cache))
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == file.read_text()


def test_an_id_whose_code_is_not_in_the_cache(novel: Novel, tmp_path: Path) -> None:
    cache = in_cache(novel, tmp_path / "hub", "config.json")
    outcome = novel.trace("org/novel", "--trust-remote-code", HF_HUB_CACHE=str(cache))
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        "loracfg: `modeling_novel.py` of `org/novel` is not in the local cache; "
        "use `--online` to fetch it\n"
    )
    assert not novel.ran.exists()


@pytest.fixture
def hub(novel: Novel) -> Iterator[Hub]:
    files = {path.name: path.read_bytes() for path in novel.base.iterdir() if path.is_file()}
    with serving({"org/novel": Repo(files)}) as hub:
        yield hub


def test_online_fetches_config_and_code(novel: Novel, file: Path, hub: Hub, tmp_path: Path) -> None:
    env = hub.surroundings(tmp_path / "hub") | {"HF_HUB_OFFLINE": "0"}
    refused = novel.trace("org/novel", "--online", **env)
    assert refused.status == 2
    assert not {path for _, path, _ in hub.requests if path.endswith(".py")}
    outcome = novel.trace("org/novel", "--online", "--trust-remote-code", **env)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == file.read_text()
    asked = {path.rpartition("/")[2] for _, path, _ in hub.requests}
    assert asked == {"config.json", "configuration_novel.py", "modeling_novel.py"}


def test_a_model_of_transformers_needs_no_flag(tmp_path: Path) -> None:
    model = tiny_model("qwen2")
    model.save_pretrained(tmp_path / "base")
    outcome = call("base", "trace", tmp_path / "base")
    assert (outcome.status, outcome.err) == (0, "")
    assert list(tree_of(outcome.out)) == [path for path, _ in model.named_modules()]
    bare = call("base", "trace", tmp_path / "base" / "config.json", "--class", "Qwen2Model")
    assert json.loads(bare.out)["class"] == "Qwen2Model"

    mapped = tmp_path / "config.json"
    config = json.loads((tmp_path / "base" / "config.json").read_text())
    config["auto_map"] = {"AutoModelForCausalLM": "modeling_own.Qwen2ForCausalLM"}
    mapped.write_text(json.dumps(config))
    note = call("base", "trace", mapped)
    assert note.status == 0
    assert note.out == outcome.out
    assert (
        "its own code, which was not run; these are the modules of `Qwen2ForCausalLM`" in note.err
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is neither a local folder nor in the local cache"),
        ("{", "the file ends in the middle"),
        ('{"peft_type": "LORA"}', "this is an adapter, not a base model"),
        (json.dumps(CONFIG), "read that code, then use `--trust-remote-code`"),
    ],
)
def test_failing_to_trace_gives_one_sentence(
    content: str | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.json"
    if content is not None:
        path.write_text(content)
    outcome = call("base", "trace", path if content is not None else "org/none")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert message in outcome.err
    assert "--base" not in outcome.err


def test_a_file_is_not_traced_again(file: Path) -> None:
    outcome = call("base", "trace", file)
    assert (outcome.status, outcome.out) == (2, "")
    assert "is already an architecture file" in outcome.err


def test_a_missing_library_is_named(novel: Novel) -> None:
    hidden = HIDDEN.format(name="transformers")
    for name in ("x.facts", "x.json"):
        output = novel.home.parent / name
        outcome = novel.trace(novel.base, "--trust-remote-code", "--output", output, code=hidden)
        assert (outcome.status, outcome.out) == (2, "")
        assert outcome.err.startswith("loracfg: `transformers` is not installed; install `loracfg[")
        assert not novel.ran.exists()
        assert not output.exists()


def test_code_is_traced_without_torch(novel: Novel, file: Path) -> None:
    hidden = HIDDEN.format(name="torch")
    outcome = novel.trace(novel.base, "--trust-remote-code", code=hidden)
    assert (outcome.status, outcome.err) == (0, "")
    found, expected = json.loads(outcome.out), json.loads(file.read_text())
    assert found["libraries"].keys() == {"transformers"}
    found["libraries"] = expected["libraries"]
    assert found == expected


def test_online_fetches_code_that_is_followed(novel: Novel, hub: Hub, tmp_path: Path) -> None:
    env = hub.surroundings(tmp_path / "hub") | {"HF_HUB_OFFLINE": "0"}
    command = ("org/novel", "--trust-remote-code", "--output", tmp_path / "x.facts")
    outcome = novel.trace(*command, "--online", **env)
    assert (outcome.status, outcome.err) == (0, "")
    asked = {path.rpartition("/")[2] for _, path, _ in hub.requests}
    assert asked == {"config.json", "configuration_novel.py", "modeling_novel.py"}


def test_a_class_of_transformers_is_traced_without_torch(novel: Novel, tmp_path: Path) -> None:
    config = {"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    command = (path, "--class", "LlamaForCausalLM")
    built, followed = (
        novel.trace(*command, code=code) for code in (CODE, HIDDEN.format(name="torch"))
    )
    assert (followed.status, followed.err) == (0, "")
    found, expected = json.loads(followed.out), json.loads(built.out)
    assert found.pop("libraries") == {"transformers": lookup.library().rpartition(" ")[2]}
    assert expected.pop("libraries").keys() == {"torch", "transformers"}
    assert found == expected

    outcome = novel.trace(path, code=HIDDEN.format(name="torch"))
    assert (outcome.status, outcome.out) == (2, "")
    assert "names no class" in outcome.err
