"""The page without a server, as `loracfg page` writes it, in headless Chromium."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.browser.conftest import watching
from tests.browser.driving import choose, overflows, validate
from tests.browser.files import ADAPTER, BASE, EDITED, EXAMPLES, made_adapter
from tests.browser.in_worker import Judged, in_cpython, in_worker
from tests.browser.written_page import Served, content, serving_files
from tests.npm import installed

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

READY: Final = "#status >> text=Ready"
PATIENCE: Final = 120_000
"""Milliseconds for the engine to start on a busy machine."""
AXE: Final = "() => axe.run(document, { resultTypes: ['violations'] })"
SERIOUS: Final = frozenset(("serious", "critical"))


@pytest.fixture(scope="module")
def served(browser: Browser) -> Iterator[Served]:
    with serving_files(content()) as one:
        yield one


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A page that the tests share, since each start takes seconds."""
    with watching(browser, served.url) as one:
        one.page.set_default_timeout(PATIENCE)
        one.page.wait_for_selector(READY)
        yield one.page


def test_verdicts_are_those_of_cpython(page: Page) -> None:
    copy, base = Copy.of(ADAPTER), (BASE / "config.json").read_bytes()
    adapters = [Judged("sound", copy.written(), base)]
    for defect in DEFECTS:
        one = Copy(dict(copy.config), dict(copy.tensors))
        if defect.apply(one):
            adapters.append(Judged(defect.name, one.written(), base))
    assert len(adapters) > 60
    judged = in_worker(page, adapters)
    wrong = {
        one.name: (found.verdict, expected)
        for one, found in zip(adapters, judged, strict=True)
        if found.verdict != (expected := in_cpython(one))
    }
    assert not wrong


def test_nothing_is_asked_for_once_it_is_loaded(browser: Browser, served: Served) -> None:
    with watching(browser, served.url) as one:
        one.page.set_default_timeout(PATIENCE)
        one.page.wait_for_selector(READY)
        one.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        one.seen.requests.clear()
        served.clear()
        choose(one.page, EDITED, BASE / "config.json")
        assert validate(one.page) == "invalid, 1 error"
        one.page.click("text=LC503")
        one.page.wait_for_selector("#rule[open]")
        one.page.click("#rule button")
        one.page.click("text=All model types")
        one.page.click("#listing >> text=gpt_neox >> nth=0")
        one.page.wait_for_selector("#listing pre")
        icons = "/page/icon.svg"  # the browser's own, with each address
        assert [r.url for r in one.seen.requests if not r.url.endswith(icons)] == []
        assert served.sent == {}


def test_works_without_a_network(browser: Browser) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    with serving_files(content()) as served:
        page.goto(served.url)
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    context.set_offline(True)  # a connection that was kept alive still answers
    for address in (served.url, f"{served.url}index.html"):
        page.goto(address)
        page.wait_for_selector(READY)
    choose(page, ADAPTER, BASE / "config.json")
    assert validate(page) == "valid"
    context.close()


def test_the_worker_reaches_no_other_host(page: Page, served: Served) -> None:
    with serving_files({"secret": b""}) as other:
        asked = page.evaluate(
            """(address) => new Promise((resolve) => {
                const code = `fetch(${JSON.stringify(address)}, { mode: "no-cors" }).then(
                    () => postMessage("sent"), () => postMessage("blocked"))`;
                const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
                new Worker(url, { type: "module" }).onmessage = ({ data }) => resolve(data);
            })""",
            other.url + "secret",
        )
        assert (asked, other.sent) == ("blocked", {})


def test_patterns_end_after_steps(page: Page, tmp_path: Path) -> None:
    modules = [f"model.layers.{n}.self_attn.q_proj" for n in range(2)]
    slow = made_adapter(tmp_path / "slow", modules, target_modules=r"((model\.)*.*)*(.*)*(x+x+)+y")
    fast = made_adapter(tmp_path / "fast", modules, target_modules=r"(.*\.)*q_proj")
    choose(page, slow, BASE / "config.json")
    validate(page)
    assert "LC701" in page.inner_text("#result")
    assert "takes more than 66 million steps to match" in page.inner_text("#result")
    choose(page, fast)
    page.click("button[type=submit] >> text=Validate")
    page.wait_for_selector(".verdict >> text=fast")
    assert "LC701" not in page.inner_text("#result")


def test_archive_of_adapters(page: Page, tmp_path: Path) -> None:
    archive = tmp_path / "both.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as stream:
        for folder in (ADAPTER, EDITED):
            for path in folder.iterdir():
                stream.write(path, f"{folder.name}/{path.name}")
    choose(page, [archive], BASE / "config.json")
    validate(page)
    assert page.inner_text("#status") == "2 adapters: 1 valid, 1 invalid"
    verdicts = page.locator(".verdict").all_inner_texts()
    assert verdicts == ["adapter: valid", "edited-adapter: invalid, 1 error"]
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive.read_bytes()[:200])
    choose(page, [broken])
    page.click("button[type=submit] >> text=Validate")
    page.wait_for_selector("#trouble .problem")
    assert "the archive cannot be read" in page.inner_text("#trouble")


def test_advice_needs_no_command_line(page: Page, tmp_path: Path) -> None:
    config = json.loads((EXAMPLES / "adapter" / "adapter_config.json").read_text())
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    choose(page, [tmp_path / "adapter_config.json"])
    page.click("#base-chosen button") if page.locator("#base-chosen button").count() else None
    validate(page)
    assert "LC401" in page.inner_text("#result")
    assert "loracfg plan" not in page.inner_text("#result")


@pytest.mark.parametrize(("kind", "has"), [("HTML", "<style>"), ("Markdown", "## "), ("JSON", "{")])
def test_result_is_saved(page: Page, kind: str, has: str, browser: Browser) -> None:
    page.click("#examples >> text=an edited rank")
    page.wait_for_selector(".verdict >> text=example")
    with page.expect_download() as download:
        page.click(f".saving >> text={kind}")
    text = Path(download.value.path()).read_text()
    assert has in text
    assert "LC503" in text
    if kind == "JSON":
        assert json.loads(text)["adapters"][0]["status"] == "invalid"
    if kind == "HTML":
        saved = browser.new_page()
        saved.set_content(text)
        assert "rank-mismatch" in saved.inner_text("body")
        assert (saved.get_attribute("a.code", "href") or "").endswith("/#LC503")
        saved.close()


def test_every_example_is_judged(page: Page) -> None:
    for button in page.locator("#examples button").all():
        page.evaluate("document.querySelector('#status').textContent = ''")
        button.click()
        page.wait_for_selector("#status >> text=/^(valid|invalid|undetermined)/")
        is_fine = button.inner_text() == "one that fits"
        assert page.inner_text("#status").startswith("valid") == is_fine


@pytest.mark.parametrize("dark", [False, True])
def test_accessibility(browser: Browser, served: Served, dark: bool) -> None:
    script = installed(Path(__file__).parent) / "node_modules" / "axe-core" / "axe.min.js"
    # axe writes styles, which the policy of the page forbids
    context = browser.new_context(
        bypass_csp=True,
        viewport={"width": 360, "height": 740},
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(served.url)
    page.evaluate(script.read_text())
    choose(page, EDITED, BASE / "config.json")
    validate(page)
    shown = {
        "": ".finding",
        "#rules": "#listing li",
        "#LC503": "#rule[open] p",
        "#model-types": "#listing #filter",
        "#model-types/llama": "#listing pre",
    }
    for address, selector in shown.items():
        page.evaluate("address => { location.hash = address; }", address)
        page.wait_for_selector(f"{selector} >> nth=0")
        assert not overflows(page), address
        found = [one for one in page.evaluate(AXE)["violations"] if one["impact"] in SERIOUS]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
    context.close()


def test_rule_in_documentation_is_live(browser: Browser) -> None:
    body = {"name": "example", "config": '{"peft_type": "LORA", "r": 0, "target_modules": ["x"]}'}
    script = (
        'import { liveExample } from "./site/page/live.js";\n'
        f'liveExample(document.getElementById("here"), {json.dumps(body)});'
    )
    files = {f"site/{name}": data for name, data in content().items()}
    files |= {
        "index.html": b'<div id="here"></div><script type="module" src="rule.js"></script>',
        "rule.js": script.encode(),
    }
    with serving_files(files) as served, watching(browser, served.url) as one:
        page = one.page
        page.set_default_timeout(PATIENCE)
        assert not [name for name in served.sent if name.endswith(".wasm")]
        page.click("text=Run")
        page.wait_for_selector(".finding >> text=LC105 >> nth=0")
        page.fill("textarea", '{"peft_type": "LORA", "r": 8, "target_modules": ["x"]}')
        page.wait_for_selector(".finding >> text=LC105", state="detached")
