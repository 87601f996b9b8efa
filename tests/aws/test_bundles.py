"""What is put in the cloud is whole, holds no more than it needs, and is the same every time."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import subprocess
import zipfile
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import ModuleLoader
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from doors.answers import COMPILED
from infra.aws import bundles as house
from infra.aws.bundles import Bundle, Bundles
from infra.aws.chalice_package import PAGES, ChaliceFailed, chalice_package
from infra.aws.packing import pack
from infra.aws.wheels import NoWheel, fetch, read_pins
from tests.aws.bundled import HERE, NAMES, OTHER, bundled, bundled_elsewhere, contents, unpacked
from tests.aws.lambda_runtime import python

ROOT = house.ROOT
DOORS = house.DOORS
LARGEST = 50 * 1024 * 1024
"""Bytes of a zip that Lambda takes as it is."""
LARGEST_UNPACKED = 250 * 1024 * 1024
MACHINES = {"x86_64": 62, "arm64": 183}
"""What the ELF header calls each architecture."""
OVER = """
Parameters: {Name: {Type: String}}
Resources: {APIHandler: {Properties: {Timeout: 9, CodeUri: {Bucket: b, Key: k}}}}
"""


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    """For this machine, from this checkout."""
    return bundled(tmp_path_factory)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    """For the other architecture, from a copy of this checkout."""
    return bundled_elsewhere(tmp_path_factory.mktemp("elsewhere"), OTHER, OVER)


@pytest.fixture(scope="session")
def files(here: Bundles) -> Mapping[str, Mapping[str, bytes]]:
    """What each bundle for this machine holds."""
    return {name: contents(getattr(here, name)) for name in NAMES}


# The same every time.


@pytest.mark.parametrize("name", NAMES)
def test_what_runs_on_both_architectures_is_the_same_to_the_byte_wherever_it_was_made(
    here: Bundles, elsewhere: Bundles, name: str
) -> None:
    """The two were made from two places, at two times: neither may be seen in what they hold."""
    ours, theirs = ({**contents(getattr(made, name))} for made in (here, elsewhere))
    machine_code = {n for n in (*ours, *theirs) if n.endswith(".so")}
    differ = {n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n)}
    assert differ - machine_code == set()
    assert len(ours) > 500


@pytest.mark.long
def test_the_same_house_makes_the_same_bundle_to_the_last_bit(
    here: Bundles, tmp_path: Path
) -> None:
    again = bundled_elsewhere(tmp_path, HERE, "")
    assert [getattr(again, n).sha256 for n in NAMES] == [getattr(here, n).sha256 for n in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_tells_nothing_of_where_and_when_it_was_made(here: Bundles, name: str) -> None:
    with zipfile.ZipFile(getattr(here, name).path) as packed:
        entries = packed.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert not any(entry.extra or entry.comment for entry in entries)


def test_the_order_and_the_times_of_files_make_no_difference(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    first = pack({"a": one, "b": two}, tmp_path / "first.zip")
    one.touch()
    assert pack({"b": two, "a": one}, tmp_path / "second.zip") == first
    assert pack({"a": two, "b": one}, tmp_path / "third.zip") != first


@pytest.mark.parametrize("name", NAMES)
def test_every_module_has_its_compiled_code_which_is_never_held_against_it(
    files: Mapping[str, Mapping[str, bytes]], name: str
) -> None:
    held = files[name]
    tag = "cpython-" + house.RUNTIME.removeprefix("python").replace(".", "")
    modules = {n for n in held if n.endswith(".py")}
    compiled = {n: body for n, body in held.items() if n.endswith(".pyc")}
    assert {importlib.util.source_from_cache(n) for n in compiled} == modules
    assert all(n.endswith(f".{tag}.pyc") for n in compiled)
    unchecked = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
    assert {body[:8] for body in compiled.values()} == {unchecked}
    assert not [n for n, body in compiled.items() if str(ROOT).encode() in body]


# Whole.


@pytest.mark.parametrize("name", NAMES)
def test_all_that_a_package_stands_on_is_pinned_with_it(name: str) -> None:
    pins = read_pins(house.REQUIREMENTS[name])
    named = {canonicalize_name(pin.partition("==")[0]) for pin in pins} | UNREAD
    missing = {(pin, asked) for pin in pins for asked in asked_for(pin) if asked not in named}
    assert missing == set()


UNREAD = {"pycparser"}
"""What is asked for by modules that no bundle holds: those of cffi that make bindings."""


def asked_for(pin: str) -> Iterator[str]:
    """What a package asks for on this kind of machine, none of its extras."""
    for line in importlib.metadata.requires(pin.partition("==")[0]) or ():
        asked = Requirement(line)
        if asked.marker is None or asked.marker.evaluate({"extra": ""}):
            yield canonicalize_name(asked.name)


@pytest.mark.parametrize("name", NAMES)
def test_a_bundles_packages_are_the_ones_that_the_tests_ran_with(name: str) -> None:
    everywhere = (ROOT / "requirements.txt").read_text().splitlines()
    assert set(read_pins(house.REQUIREMENTS[name])) <= set(everywhere)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("architecture", MACHINES)
def test_machine_code_is_that_of_the_architecture(
    here: Bundles, elsewhere: Bundles, architecture: str, name: str
) -> None:
    made = here if architecture == HERE else elsewhere
    code = {n: body for n, body in contents(getattr(made, name)).items() if ".so" in n}
    machines = {n: int.from_bytes(body[18:20], "little") for n, body in code.items()}
    assert {"nh3/nh3.abi3.so", "cryptography/hazmat/bindings/_rust.abi3.so"} <= set(code)
    assert all(body[:4] == b"\x7fELF" for body in code.values())
    assert set(machines.values()) == {MACHINES[architecture]}


def test_a_package_that_the_cloud_cannot_load_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made for a C library that is newer than Lambda's: Chalice leaves such a package out."""
    only_these(tmp_path, monkeypatch)
    with pytest.raises(NoWheel, match="handrail-too-new"):
        fetch(["handrail-too-new==1.0"], tmp_path / "out", "x86_64")


@pytest.mark.parametrize("pin", ["handrail-fits", "./forum", "handrail-fits>=1.0"])
def test_a_package_without_a_version_stops_the_build(pin: str, tmp_path: Path) -> None:
    with pytest.raises(NoWheel, match="names no version"):
        fetch([pin], tmp_path, "x86_64")


def test_a_package_that_fits_comes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_these(tmp_path, monkeypatch)
    found = fetch(["Handrail.Fits==1.0"], tmp_path / "out", "arm64")
    assert [path.name for path in found.values()] == [FITS]


FITS = "handrail_fits-1.0-py3-none-any.whl"
TOO_NEW = "handrail_too_new-1.0-cp39-abi3-manylinux_2_38_x86_64.whl"


def only_these(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip know two wheels that have nothing in them, and no other."""
    for wheel in (FITS, TOO_NEW):
        name = "-".join(wheel.split("-")[:2])
        with zipfile.ZipFile(folder / wheel, "w") as packed:
            words = f"Metadata-Version: 2.1\nName: {name.split('-')[0]}\nVersion: 1.0\n"
            packed.writestr(f"{name}.dist-info/METADATA", words)
            packed.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def test_an_architecture_that_lambda_does_not_know_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(house.CannotBundle, match="sparc"):
        house.build(tmp_path, "sparc")


def test_a_template_that_is_none_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(ChaliceFailed, match=r"^api: "):
        chalice_package("api", tmp_path / "tree", "arm64", "Resources: [")


# No more than it needs.

STRANGE = re.compile(
    r"(^|/)(tests|var|posts|screening/build_lists|\.git|\.venv|\.chalice|boto3)(/|$)"
    r"|dist-info/(?!entry_points)|\.(sqlite3|pem\.key|key|env|pyi|whl|orig)$|(^|/)\."
)
NOBODYS_BUSINESS = {
    "api": (
        *("forum/desk.py", "forum/press.py", "forum/people.py", "moderation/*", "infra/*"),
        *("pelican/*", "fido2/*", "editions/*", "markdown*/*", "content/*", "site/*"),
    ),
    "moderation": (
        *("forum/visitors.py", "forum/holders.py", "forum/press.py", "api/*", "infra/*"),
        *("pelican/*", "altcha/*", "editions/*", "content/*", "site/*"),
    ),
    "press": (
        *("forum/visitors.py", "forum/holders.py", "forum/desk.py", "forum/people.py"),
        *("api/*", "moderation/*", "altcha/*", "fido2/*", "chalice/*", "infra/aws/templates/*"),
        *("infra/aws/commands/*", "infra/local/production/*", "infra/words/*", "docs/*"),
    ),
}
"""Patterns of what a bundle must not hold."""
BESIDE = {
    "api": ("forum/vocabulary.json", "forum/receipt_words.txt", "doors/helplines.csv"),
    "moderation": ("forum/practice_posts/01-the-bus-stop.toml", "doors/messages.toml"),
    "press": ("content/helplines.csv", "site/theme/templates/story.html", "pelicanconf.py"),
}
"""Files beside the modules that each reads; some of them are links in the checkout."""


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_in_a_bundle_that_is_not_its_business(
    files: Mapping[str, Mapping[str, bytes]], name: str
) -> None:
    held = files[name]
    assert [n for n in held if STRANGE.search(n)] == []
    assert [n for n in held for one in NOBODYS_BUSINESS[name] if fnmatchcase(n, one)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_files_beside_the_modules_travel_with_them(
    files: Mapping[str, Mapping[str, bytes]], name: str
) -> None:
    assert [n for n in BESIDE[name] if not files[name].get(n)] == []


@pytest.mark.parametrize("door", DOORS)
def test_every_page_of_a_door_is_compiled_beside_it(
    files: Mapping[str, Mapping[str, bytes]], door: str
) -> None:
    held = files[door]
    theme = "doors/theme/templates/"
    own = [n.removeprefix(theme) for n in held if n.startswith(f"{theme}{PAGES[door]}/")]
    compiled = {f"doors/{COMPILED.name}/{ModuleLoader.get_module_filename(page)}" for page in own}
    assert own
    assert compiled <= held.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_is_no_larger_than_lambda_takes(here: Bundles, name: str) -> None:
    bundle: Bundle = getattr(here, name)
    assert bundle.size == bundle.path.stat().st_size < LARGEST
    assert sum(len(body) for body in contents(bundle).values()) < LARGEST_UNPACKED


def test_botocore_knows_the_services_of_each_bundle_as_it_does_whole(here: Bundles) -> None:
    """And reaches each where it is, in every kind of region."""
    whole = told_of(house.SERVICES["press"], SITE)
    for name in NAMES:
        services = house.SERVICES[name]
        assert told_of(services, unpacked(getattr(here, name))) == {s: whole[s] for s in services}
    assert told_of(("sts",), SITE)
    with pytest.raises(AssertionError, match="UnknownServiceError"):
        told_of(("sts",), unpacked(here.api))


def told_of(services: Collection[str], folder: Path) -> dict[str, Any]:
    """What botocore in this folder tells of the services, where nothing else is on the path."""
    done = subprocess.run(
        [python(), "-I", "-S", "-B", "-c", CLIENTS, json.dumps(services), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


SITE = Path(yaml.__file__).parents[1]
"""Where the whole of botocore is installed."""
CLIENTS = """
import json, sys
sys.path.append(sys.argv[2])
import botocore.session
session = botocore.session.Session()
keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
def told(service):
    clients = [
        session.create_client(service, region_name=region, **keys)
        for region in ("eu-west-1", "us-gov-west-1", "cn-north-1")
    ]
    where = [client.meta.endpoint_url for client in clients]
    return [where, sorted(clients[0].meta.service_model.operation_names)]
print(json.dumps({service: told(service) for service in json.loads(sys.argv[1])}))
"""


# The templates.


def template(bundle: Bundle) -> dict[str, Any]:
    """A door's template."""
    assert bundle.template
    told: dict[str, Any] = yaml.safe_load(bundle.template.read_text())
    return told


@pytest.mark.parametrize("door", DOORS)
def test_a_doors_template_names_its_zip_its_python_and_its_architecture(
    here: Bundles, door: str
) -> None:
    (handler,) = functions(template(getattr(here, door)))
    assert handler["CodeUri"] == f"./{door}.zip"
    assert handler["Architectures"] == [HERE]
    assert handler["Runtime"] == house.RUNTIME
    assert handler["Handler"] == "app.app"


def test_what_is_laid_over_a_template_wins(elsewhere: Bundles) -> None:
    told = template(elsewhere.api)
    (handler,) = functions(told)
    assert told["Parameters"] == {"Name": {"Type": "String"}}
    assert (handler["Timeout"], handler["CodeUri"]) == (9, {"Bucket": "b", "Key": "k"})
    assert handler["Architectures"] == [OTHER]


def functions(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The properties of every function of a template."""
    resources = told["Resources"].values()
    return [r["Properties"] for r in resources if r["Type"] == "AWS::Serverless::Function"]
