"""What the documents say can be done, can be done; what can be done, they say."""

from __future__ import annotations

import re
import subprocess
from itertools import product
from pathlib import Path

import pytest
import typer
import typer.core
from typer.main import get_command

from api.app import create_app
from api.cli import app
from api.settings import Settings
from geo.i18n import LANGUAGES, Language, text
from geo.services.records.registry import RESOURCES
from tests.docs.fault_messages import SAID_OF
from tests.house.repository import REPOSITORY, product_files

DOCUMENTS = [path for path in product_files(".md") if path.name != "CHANGELOG.md"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
MAKE = re.compile(r"(?:^|\s)make ([a-z][a-z-]*)")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"[^>]* alt=\"([^\"]*)\"")
FAULT_ROW = re.compile(r"^\| !\[[^\]]+\]\(images/photo_(\w+)\.jpg\) \| (.+?) \| .+ \|$", re.MULTILINE)
CONTENTS = Path("docs/README.md")
API = Path("docs/api.md")


def text_of(path: Path) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def code_of(path: Path) -> list[str]:
    """Lines of code blocks, and code within sentences."""
    content = text_of(path)
    blocks = [line for _, block in FENCE.findall(content) for line in block.splitlines()]
    return [line.strip().removeprefix("$ ") for line in blocks + INLINE.findall(FENCE.sub("", content))]


def links_of(path: Path) -> list[str]:
    """Links and pictures of a page, outside code."""
    return [one or other for one, other in LINK.findall(FENCE.sub("", text_of(path)))]


def commands(root: object = None, before: tuple[str, ...] = ()) -> dict[tuple[str, ...], typer.core.TyperCommand]:
    """Every command by its words, such as ``("sheet", "trace")``."""
    command = get_command(app) if root is None else root
    children = getattr(command, "commands", None)
    if not children:
        assert isinstance(command, typer.core.TyperCommand)
        return {before: command}
    found: dict[tuple[str, ...], typer.core.TyperCommand] = {}
    for name, child in children.items():
        found |= commands(child, (*before, name))
    return found


def options(command: typer.core.TyperCommand) -> set[str]:
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_make_targets_exist(path: Path) -> None:
    for line in code_of(path):
        for target in MAKE.findall(line):
            done = subprocess.run(["make", "-n", target], check=False, capture_output=True, cwd=REPOSITORY)
            assert done.returncode == 0, f"{path} tells to run: make {target}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_commands_and_their_options_exist(path: Path) -> None:
    known = commands()
    for line in code_of(path):
        words = line.partition("#")[0].split()
        if not words or words[0] not in {"ayilmap", ".venv/bin/ayilmap"}:
            continue
        named = tuple(words[1:])
        fitting = [name for name in known if named[: len(name)] == name]
        group = any(name[: len(named)] == named for name in known)
        assert fitting or group, f"{path} tells to run: {line}"
        for option in (word.partition("=")[0] for word in named if word.startswith("--")):
            assert any(option in options(known[name]) for name in fitting), f"{path}: no option {option} in: {line}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_links_to_files_lead_somewhere(path: Path) -> None:
    for link in links_of(path):
        if "://" in link or link.startswith(("#", "mailto:")):
            continue
        assert (REPOSITORY / path.parent / link.partition("#")[0]).exists(), f"{path} links to {link}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_a_picture_says_what_is_on_it(path: Path) -> None:
    for written, _, _, marked in IMAGE.findall(FENCE.sub("", text_of(path))):
        assert (written or marked).strip(), f"{path} shows a picture without words for who cannot see it"
    assert text_of(path).count("<img ") == sum(bool(one[2]) for one in IMAGE.findall(text_of(path)))


@pytest.mark.parametrize("path", [one for one in DOCUMENTS if one.parts[0] == "docs" and one != CONTENTS], ids=str)
def test_the_contents_lead_to_every_page(path: Path) -> None:
    assert str(path.relative_to("docs")) in links_of(CONTENTS), f"{CONTENTS} has no link to {path}"


@pytest.mark.parametrize("path", product_files(".jpg", ".png"), ids=str)
def test_a_picture_of_the_documents_is_shown(path: Path) -> None:
    if path.parts[:2] == ("docs", "images"):
        place = path.relative_to("docs").as_posix()
        shown = (place in link for page in DOCUMENTS for link in links_of(page))
        assert any(shown), f"no page shows {path}"
        assert (REPOSITORY / path).stat().st_size <= 150_000, f"{path} is too large for a slow line"


@pytest.mark.parametrize("language", LANGUAGES)
def test_facilitators_are_told_what_the_program_really_says(language: Language) -> None:
    rows = dict(FAULT_ROW.findall(text_of(Path(f"docs/facilitators.{language}.md"))))
    assert set(rows) == set(SAID_OF) - {"good"}
    for name, told in rows.items():
        # A message with plural forms has another noun with 1, with 2 and with 5 marks.
        messages = [
            text(SAID_OF[name], language, path="§", value="§", seen=seen, expected=expected)
            for seen, expected in product((1, 2, 5), repeat=2)
        ]
        fitting = (re.fullmatch(pattern, told) for message in messages for pattern in beginnings(message))
        assert any(fitting), f"{name}: “{told}” is not what the program says: {messages[-1]}"


def beginnings(message: str) -> list[str]:
    """Return patterns of a message's first sentence, its first two and so on, with any path and number in it."""
    sentences = re.split(r"(?<=[.!?]) ", message)
    wholes = (" ".join(sentences[:count]) for count in range(1, len(sentences) + 1))
    return [re.sub(r"§|\d+", "[^ ]+", re.escape(one)) for one in wholes]


@pytest.mark.parametrize("name", sorted(commands()), ids=" ".join)
def test_a_command_is_in_the_documents(name: tuple[str, ...]) -> None:
    spelled = "ayilmap " + " ".join(name)
    assert any(spelled in text_of(path) for path in DOCUMENTS), f"no document tells about: {spelled}"


@pytest.mark.parametrize("name", sorted(commands()), ids=" ".join)
def test_the_help_of_a_command_has_an_example(name: tuple[str, ...]) -> None:
    command = commands()[name]
    told = f"{command.help or ''}\n{command.epilog or ''}"
    assert "ayilmap " + " ".join(name) in " ".join(told.split())


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_in_the_documents(name: str) -> None:
    variable = f"AYILMAP_{name.upper()}"
    assert any(variable in text_of(path) for path in DOCUMENTS), f"no document tells about: {variable}"


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_kind_of_record_is_on_the_page_of_the_api(name: str) -> None:
    assert f"`{name}`" in text_of(API), f"{API} does not list the records {name}"


def test_every_address_is_on_the_page_of_the_api() -> None:
    of_each = ("", "/bulk", "/{id}", "/{id}/publication", "/{id}/restore")
    every = {f"/api/v1/{name}{rest}" for name in RESOURCES for rest in of_each}
    served = {re.sub(r"\{\w+\}", "{id}", path) for path in create_app(Settings()).openapi()["paths"]}
    told = " ".join(INLINE.findall(FENCE.sub("", text_of(API))))
    words = set(re.findall(r"/[\w/{}.-]+", told))
    assert served - every, "the service has addresses of its own"
    untold = {path for path in served - every if path not in words}
    assert not untold, f"{API} does not tell about: {', '.join(sorted(untold))}"
    unknown = {path for path in words if path.startswith("/api/v1/") and path not in served | every}
    assert not unknown, f"{API} tells about what is not served: {', '.join(sorted(unknown))}"


def test_the_command_line_is_one_tree() -> None:
    assert isinstance(app, typer.Typer)
    assert len(commands()) >= 3
