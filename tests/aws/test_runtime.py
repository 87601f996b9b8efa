"""The bundles at work in Lambda's own runtime, with nothing beside them, on the emulated cloud."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from forum import admission
from forum.keys import Key, read_keyring, write_key
from forum.settings import Purpose
from infra.aws.bundles import PRESS_HANDLER, UPKEEP_HANDLER
from tests.aws.bundled import NAMES, bundled, unpacked
from tests.aws.lambda_runtime import Function, running
from tests.store.dynamodb_given import client, create_tables, emulator, name_for

SITEURL = "https://forum.example"
FORM = {"content-type": "application/x-www-form-urlencoded"}
CANARY = "marmaladecanary"
BODY = f"I stopped counting days, and started counting {CANARY} walks. It got lighter, slowly."
ENOUGH = timedelta(seconds=10)
"""How old a form is when it is sent."""
HANDLERS = {
    "api": ("api", "app.app"),
    "moderation": ("moderation", "app.app"),
    "press": ("press", PRESS_HANDLER),
    "upkeep": ("press", UPKEEP_HANDLER),
}
"""The bundle and the handler of each function."""


@dataclass(frozen=True)
class Answer:
    """What a door hands back to the gateway."""

    statusCode: int  # noqa: N815 - Lambda's word
    headers: Mapping[str, str]
    body: str
    multiValueHeaders: Mapping[str, Any]  # noqa: N815 - Lambda's word


def event(method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """A request as the gateway hands it on."""
    where, _, query = path.partition("?")
    asked = [part.split("=") for part in query.split("&") if part]
    return {
        "requestContext": {"httpMethod": method, "resourcePath": where, "identity": {}},
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "multiValueQueryStringParameters": {name: [value] for name, value in asked} or None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": False,
    }


@dataclass(frozen=True)
class Cloud:
    """A forum on the emulated cloud, whose functions run here."""

    folders: Mapping[str, Path]
    work: Path
    stack: ExitStack
    forms: str
    """The keyring that forms are signed with."""

    @cached_property
    def tables(self) -> str:
        """The name of its tables, made when first asked for."""
        create_tables(client(), name_for(self.work))
        return name_for(self.work)

    @cached_property
    def bucket(self) -> str:
        """The bucket that readers are served from."""
        name = f"site-{secrets.token_hex(6)}"
        where = {"LocationConstraint": "eu-west-1"}
        emulator().client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
        return name

    @cached_property
    def parameters(self) -> str:
        """Where its keys are kept, put there when first asked for."""
        ssm = emulator().client("ssm")
        for purpose in Purpose:
            name = f"/handrail/{self.tables}/{purpose.value.removeprefix('HANDRAIL_')}"
            ssm.put_parameter(Name=name, Type="SecureString", Value=self.forms)
        return f"/handrail/{self.tables}"

    def log(self, name: str) -> Path:
        """Where everything that a function says is kept."""
        return self.work / f"{name}.log"

    def function(self, name: str, **settings: str) -> Function:
        """Start a function from its bundle."""
        given = {
            **emulator().environment(),
            "HANDRAIL_ENV": "production",
            "HANDRAIL_SITEURL": SITEURL,
            "HANDRAIL_STORE": f"dynamodb://{self.tables}",
            "HANDRAIL_PARAMETERS": self.parameters,
            **settings,
        }
        bundle, handler = HANDLERS[name]
        return self.stack.enter_context(
            running(self.folders[bundle], handler, self.log(name), given)
        )

    def form(self, **changed: str) -> str:
        """A form that can be taken as it is, as a browser sends it."""
        keyring = read_keyring(self.forms)
        token = admission.issue(keyring, datetime.now(UTC) - ENOUGH, secrets.token_bytes)
        given = {"kind": "story", "body": BODY, "consent": "yes", "token": token}
        return urlencode(given | changed)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Nothing runs yet."""
    made = bundled(tmp_path_factory)
    folders = {name: unpacked(getattr(made, name)) for name in NAMES}
    forms = write_key(Key("v1", secrets.token_bytes(32)))
    with ExitStack() as stack:
        yield Cloud(folders, tmp_path_factory.mktemp("cloud"), stack, forms)


def test_a_story_is_shared_through_the_visitors_bundle(cloud: Cloud) -> None:
    api = cloud.function("api")
    form = Answer(**api.invoke(event("GET", "/share?kind=story")))
    assert form.statusCode == 200
    assert 'name="token"' in form.body
    assert '<aside class="help"' in form.body
    assert "Alcohol" in form.body, "the vocabulary travels too"

    taken = Answer(**api.invoke(event("POST", "/posts", cloud.form(), **FORM, accept=JSON)))
    assert taken.statusCode == 201, taken.body
    told = json.loads(taken.body)
    assert len(told["receipt"].split()) == 6

    asked = urlencode({"receipt": told["receipt"]})
    held = Answer(**api.invoke(event("POST", "/receipt", asked, **FORM, accept=JSON)))
    assert told["id"] in held.body

    refused = Answer(**api.invoke(event("POST", "/posts", cloud.form(consent=""), **FORM)))
    assert refused.statusCode == 422
    assert CANARY in refused.body, "what was typed is given back"
    assert CANARY not in cloud.log("api").read_text()
    assert told["receipt"] not in cloud.log("api").read_text()


JSON = "application/json"


def test_moderators_sign_in_through_their_bundle(cloud: Cloud) -> None:
    desk = cloud.function("moderation")
    page = Answer(**desk.invoke(event("GET", "/sign-in")))
    assert page.statusCode == 200
    assert '<aside class="help"' in page.body
    assert Answer(**desk.invoke(event("GET", "/"))).statusCode == 303
    ours = {"content-type": JSON, "origin": SITEURL, "sec-fetch-site": "same-origin"}
    options = Answer(**desk.invoke(event("POST", "/sign-in/options", "{}", **ours)))
    assert json.loads(options.body)["publicKey"]["rpId"] == "forum.example"
    guide = Answer(**desk.invoke(event("GET", "/guide")))
    assert guide.statusCode == 303, "nobody reads it who has not signed in"


def test_the_press_prints_from_its_bundle_and_then_has_nothing_to_do(cloud: Cloud) -> None:
    data = cloud.work / "press"
    press = cloud.function(
        "press",
        HANDRAIL_BUCKET=cloud.bucket,
        HANDRAIL_DATA=str(data),
        HANDRAIL_POSTS=str(data / "posts"),
        HANDRAIL_NOTIFY="off",
    )
    first = press.invoke({})
    assert first == {"press": "printed"}, cloud.log("press").read_text()
    home = emulator().client("s3").get_object(Bucket=cloud.bucket, Key="index.html")
    assert b"Handrail" in home["Body"].read()
    assert press.invoke({}) == {"press": "nothing"}


def test_upkeep_runs_from_the_bundle_of_the_press(cloud: Cloud) -> None:
    told = {"HANDRAIL_NOTIFY": "ses:robin@people.example", "HANDRAIL_NOTIFY_FROM": "d@f.example"}
    upkeep = cloud.function("upkeep", HANDRAIL_DATA=str(cloud.work / "upkeep"), **told)
    done = upkeep.invoke({"everything": True})
    assert done == {"upkeep": "done"}, cloud.log("upkeep").read_text()
    assert "ERROR" not in cloud.log("upkeep").read_text()


def test_a_door_whose_keys_cannot_be_read_is_kind_about_it(cloud: Cloud) -> None:
    api = cloud.function("api", HANDRAIL_PARAMETERS="/handrail/nowhere")
    answer = Answer(**api.invoke(event("GET", "/share?kind=story")))
    assert answer.statusCode == 500
    assert '<aside class="help"' in answer.body
    assert "BadSetting" in cloud.log("api").read_text()
