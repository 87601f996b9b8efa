"""What is put in the cloud is whole: each door runs from its bundle alone, and holds no more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.rules.house import HOUSE, ROOT

DOORS = ("api", "moderation")
LARGEST = 50 * 1024 * 1024
"""Bytes of a zip that Lambda takes."""
FORM = {"content-type": "application/x-www-form-urlencoded"}
OURS = {"origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}


@dataclass(frozen=True)
class Bundle:
    """A packaged door, unpacked."""

    door: str
    folder: Path
    size: int
    said: str

    def files(self) -> set[str]:
        """Every file by its path in the bundle; what Python compiled is none."""
        found = {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file()}
        return {name for name in found if not name.endswith(".pyc")}

    def ask(self, data: Path, *events: dict[str, Any]) -> tuple[list[Answer], Mapping[str, str]]:
        """Put events to the door where nothing but the bundle and Python is; answers, modules."""
        python = getattr(sys, "_base_executable", sys.executable)
        alone = Path(__file__).with_name("alone.py")
        done = subprocess.run(
            [python, "-I", "-S", "-B", str(alone), str(self.folder)],
            input=json.dumps(events),
            env={"HANDRAIL_DATA": str(data)},
            cwd=data,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return [Answer(**_plain(answer)) for answer in told["answers"]], told["loaded"]


@dataclass(frozen=True)
class Answer:
    """What the door hands back to the gateway."""

    status: int
    body: str


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"status": answer["statusCode"], "body": answer["body"]}


def event(method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """A request as the gateway hands it on."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "requestContext": {"httpMethod": method, "resourcePath": path, "identity": {}},
        "headers": named,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": False,
    }


def lay_out(tree: Path) -> Path:
    """A checkout in which Chalice may leave its notes: doors copied, all else linked."""
    tree.mkdir()
    skip = shutil.ignore_patterns("deployments", "deployed", "__pycache__")
    for door in DOORS:
        shutil.copytree(ROOT / door, tree / door, symlinks=True, ignore=skip)
    for room in ("forum", "doors", "site", "content", "docs"):
        (tree / room).symlink_to(ROOT / room)
    return tree


def package(tree: Path, door: str) -> Bundle:
    """Package a door as for the cloud, from wheels."""
    out = tree / f"{door}-out"
    chalice = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", door, str(out)]
    env = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-1", "PYTHONPATH": str(tree)}
    done = subprocess.run(
        chalice, cwd=tree / door, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(out / "deployment.zip") as packed:
        packed.extractall(out / "unpacked")
    size = (out / "deployment.zip").stat().st_size
    return Bundle(door, out / "unpacked", size, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bundle]:
    """Both doors, packaged once."""
    tree = lay_out(tmp_path_factory.mktemp("bundles") / "tree")
    return {door: package(tree, door) for door in DOORS}


def pins(door: str) -> dict[str, str]:
    """Package to version, as the door's requirements name them."""
    lines = (ROOT / door / "requirements.txt").read_text().split()
    return dict(line.split("==", 1) for line in lines)


@pytest.mark.parametrize("door", DOORS)
def test_every_package_the_door_asks_for_is_in_its_bundle(
    bundles: dict[str, Bundle], door: str
) -> None:
    """Chalice leaves out, with a shrug, a wheel that it thinks too new for the cloud's Python."""
    notes = {p.name.lower() for p in bundles[door].folder.glob("*.dist-info")}
    wanted = {f"{n.lower().replace('-', '_')}-{v}.dist-info" for n, v in pins(door).items()}
    assert wanted <= notes
    assert "could not" not in bundles[door].said.lower()
    assert bundles[door].size < LARGEST


@pytest.mark.parametrize("door", DOORS)
def test_a_doors_packages_are_the_ones_that_the_tests_ran_with(door: str) -> None:
    everywhere = (ROOT / "requirements.txt").read_text().splitlines()
    assert {f"{name}=={version}" for name, version in pins(door).items()} <= set(everywhere)


@pytest.mark.parametrize("door", DOORS)
def test_every_module_the_door_shares_is_in_its_bundle(
    bundles: dict[str, Bundle], door: str
) -> None:
    shared = {m.where for n, m in HOUSE.items() if n.split(".")[0] in ("forum", "doors")}
    own = {m.where for n, m in HOUSE.items() if n.startswith(f"{door}.door")}
    assert own | shared | {"app.py"} <= bundles[door].files()


@pytest.mark.parametrize("door", DOORS)
def test_the_files_beside_the_modules_travel_with_them(
    bundles: dict[str, Bundle], door: str
) -> None:
    """Links are followed; what they lead to is there as a file."""
    wanted = {"forum/vocabulary.json", "forum/receipt_words.txt", "doors/helplines.csv"}
    wanted |= {"doors/messages.toml", "forum/practice_posts/01-the-bus-stop.toml"}
    wanted |= {"doors/theme/templates/base.html", "forum/store/schema.sql"}
    own = {"api": "api/door/openapi.json", "moderation": "moderation/door/guide_pages/README.md"}
    wanted |= {own[door]}
    files = bundles[door].files()
    assert wanted <= files
    for name in wanted:
        assert (bundles[door].folder / name).stat().st_size > 0


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_in_a_bundle_that_is_no_business_of_its_door(
    bundles: dict[str, Bundle], door: str
) -> None:
    other = DOORS[1 - DOORS.index(door)]
    files = bundles[door].files()
    assert not [name for name in files if name.startswith(f"{other}/")]
    strange = r"(^|/)(tests|var|posts|infra|\.git|\.venv|\.chalice|boto3|botocore|pelican)(/|$)"
    assert not [name for name in files if re.search(strange, name)]
    assert not [name for name in files if name.endswith((".sqlite3", ".pem", ".key", ".env"))]
    assert not list(bundles[door].folder.rglob("keys/*"))


def test_passkeys_are_no_business_of_the_visitors_door(bundles: dict[str, Bundle]) -> None:
    assert not list(bundles["api"].folder.glob("fido2*"))
    assert list(bundles["moderation"].folder.glob("fido2*"))


def test_the_visitors_door_works_from_its_bundle_alone(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    answers, loaded = bundles["api"].ask(
        tmp_path,
        event("GET", "/health"),
        event("GET", "/share"),
        event("POST", "/receipt", "receipt=six+words+that+nobody+ever+got", **FORM),
        event("POST", "/posts", "kind=story&title=<b>x</b>&body=A+long+story.", **FORM),
    )
    health, form, receipt, refused = answers
    assert json.loads(health.body) == {"ok": True, "open": True}
    assert form.status == 200
    assert '<aside class="help"' in form.body
    assert "tel:" in form.body
    assert 'name="token"' in form.body
    assert "Alcohol" in form.body, "the vocabulary travels too"
    assert receipt.status == 404
    assert 'name="receipt"' in receipt.body
    assert refused.status == 422
    stays_at_home(loaded, bundles["api"])
    assert "forum.desk" not in loaded
    assert "forum.press" not in loaded


def test_the_moderators_door_works_from_its_bundle_alone(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    json_of_ours = {"content-type": "application/json", **OURS}
    answers, loaded = bundles["moderation"].ask(
        tmp_path,
        event("GET", "/sign-in"),
        event("GET", "/"),
        event("POST", "/sign-in/options", "{}", **json_of_ours),
    )
    page, desk, options = answers
    assert page.status == 200
    assert '<aside class="help"' in page.body
    assert desk.status == 303
    assert json.loads(options.body)["publicKey"]["rpId"] == "localhost"
    stays_at_home(loaded, bundles["moderation"])
    assert "forum.visitors" not in loaded
    assert "forum.press" not in loaded


def stays_at_home(loaded: Mapping[str, str], bundle: Bundle) -> None:
    """Whatever was imported came with the bundle or with Python."""
    assert not [name for name, where in loaded.items() if "site-packages" in where]
    assert not [name for name, where in loaded.items() if where.startswith(f"{ROOT}/")]
    assert loaded["forum.wiring"] == str(bundle.folder / "forum" / "wiring.py")
    assert loaded["chalice"].startswith(str(bundle.folder))
