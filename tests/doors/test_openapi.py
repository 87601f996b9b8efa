"""The published document is true: of the routes, of the vocabulary, and of what really answers."""

import json

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from api.app import app
from forum.holders import HOLDERS_ACTS
from forum.post import OPEN_KINDS, Act, State
from forum.reports import LONGEST_WORDS
from forum.rows import Reason, ReportState
from forum.sanitize import MOST_CHARACTERS
from forum.submission import LISTS, MOST_ABOUT_ME, SINGLE
from forum.texts import LONGEST_TITLE, SHORTEST_BODY
from forum.vocabulary import slugs
from tests.doors.local_machine import FORM
from tests.doors.meanwhile import put, put_up
from tests.doors.served import DOCUMENT, JSON, served

SCHEMAS = DOCUMENT["components"]["schemas"]
KINDS = ("PostAsForm", "PostAsJson")
# Words can keep to every length and still come to nothing (only spaces), and a receipt can be
# unknown; so a form that follows the document may be asked for again.
AS_DOCUMENTED = ["200", "201", "404", "422"]
TOKEN = jsonschema_rs.validator_for(SCHEMAS["Token"])
EXAMPLES = 15
"""Of each operation, beside those that the document itself leads to; `make test-long` has more."""


def published(examples):
    """The document, to be tried with so many made-up cases of each operation."""
    config = {
        "generation": {"max-examples": examples, "deterministic": True},
        "phases": {"coverage": {"unexpected-methods": ["get", "post", "put", "delete", "patch"]}},
        "checks": {"positive_data_acceptance": {"expected-statuses": AS_DOCUMENTED}},
    }
    given = SchemathesisConfig.from_dict(config)
    return schemathesis.openapi.from_dict(DOCUMENT, config=given)


def so_many(examples):
    """The same cases each time, however slow the machine."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


PUBLISHED = published(EXAMPLES)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


def operations():
    return [
        (path, method, operation)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    ]


# The document and the code


def test_the_document_lists_the_routes_and_no_others():
    routed = {(path, method) for path, methods in app.routes.items() for method in methods}
    assert {(path, method.upper()) for path, method, _ in operations()} == routed


def test_the_document_is_what_the_door_hands_out(house):
    assert json.loads(house.get("/api/openapi.json").body) == DOCUMENT


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_a_schema_and_is_used(name):
    assert jsonschema_rs.meta.is_valid(SCHEMAS[name])
    assert f'"#/components/schemas/{name}"' in json.dumps(DOCUMENT)


def test_every_operation_says_what_it_is_and_every_status_what_it_means():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    for _, _, operation in operations():
        assert operation["summary"]
        for answer in operation["responses"].values():
            named = answer.get("$ref", "").rpartition("/")[2]
            assert (DOCUMENT["components"]["responses"][named] if named else answer)["description"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_lists_the_fields_that_the_rules_read(kind):
    assert set(SCHEMAS[kind]["properties"]) == {*SINGLE, *LISTS, "website", "pow", "put_away"}
    assert set(SCHEMAS[kind]["required"]) == {"kind", "body", "consent", "token"}


@pytest.mark.parametrize(
    ("schema", "vocabulary", "may_be_empty"),
    [
        ("Topic", "topics", False),
        ("Helped", "helped", False),
        ("AboutMe", "about_me", False),
        ("ContentNote", "content_notes", False),
        ("Stage", "stages", True),
        ("Arc", "arcs", True),
    ],
)
def test_the_document_offers_the_vocabulary(schema, vocabulary, may_be_empty):
    offered = SCHEMAS[schema]["enum"]
    assert len(offered) == len(set(offered))
    assert set(offered) == slugs(vocabulary) | ({""} if may_be_empty else set())


@pytest.mark.parametrize("kind", ["RevisionAsForm", "RevisionAsJson"])
def test_the_document_lists_what_can_be_changed_later(kind):
    leave = {"id", "hash", "receipt", "capability", "put_away"}
    agreed = {"kind", "to", "consent", "token"}
    assert set(SCHEMAS[kind]["properties"]) == ({*SINGLE, *LISTS} - agreed) | leave
    assert set(SCHEMAS[kind]["required"]) == {"id", "hash", "body"}


@pytest.mark.parametrize("kind", ["ReportAsForm", "ReportAsJson"])
def test_the_document_lists_what_a_report_says(kind):
    assert set(SCHEMAS[kind]["properties"]) == {"id", "reason", "words", "token", "website"}
    assert SCHEMAS["Reason"]["enum"] == [reason.value for reason in Reason]
    assert SCHEMAS["ReportState"]["enum"] == [state.value for state in ReportState]
    assert SCHEMAS["ReportWords"]["maxLength"] == LONGEST_WORDS


def test_the_document_lists_what_a_holder_can_do():
    actions = SCHEMAS["Holding"]["properties"]["actions"]["items"]["enum"]
    accepts = {Act.AGREE: Act.ACCEPT}
    assert set(actions) == {accepts.get(act, act).value for act in HOLDERS_ACTS}
    for act in actions:
        assert f"/receipt/{act}" in DOCUMENT["paths"]


def test_the_documents_limits_are_the_rules_own():
    assert {SCHEMAS["Kind"]["const"]} == {kind.value for kind in OPEN_KINDS}
    assert set(SCHEMAS["State"]["enum"]) == {state.value for state in State}
    assert SCHEMAS["Title"]["maxLength"] == LONGEST_TITLE
    body = SCHEMAS["Body"]
    assert (body["minLength"], body["maxLength"]) == (SHORTEST_BODY, MOST_CHARACTERS)
    for kind in KINDS:
        assert "At most two" in SCHEMAS[kind]["properties"]["about_me"]["description"]
    assert MOST_ABOUT_ME == 2


# The document and what answers


def example(path, kind):
    return DOCUMENT["paths"][path]["post"]["requestBody"]["content"][kind]["example"]


@pytest.mark.parametrize("kind", [FORM, JSON])
def test_the_documents_own_examples_work(house, kind):
    def say(path, **mine):
        speak = house.send if kind == FORM else house.tell
        return speak("/api" + path, example(path, kind) | mine, Accept=JSON)

    sent = say("/posts", token=house.token())
    assert sent.status == 201, sent.text
    (spot,) = json.loads(say("/preview", accept=[]).body)["spots"]
    assert spot["words"] not in json.loads(say("/preview").body)["body"]
    mine = {name: json.loads(sent.body)[name] for name in ("id", "receipt")}
    for act, state in [("revise", "returned"), ("appeal", "declined"), ("withdraw", "received")]:
        put(house, mine["id"], State(state))
        seen = json.loads(say("/receipt", receipt=mine["receipt"]).body)["posts"][0]
        assert say(f"/receipt/{act}", **mine, hash=seen["hash"]).status == 200
    put_up(house, mine["id"])
    assert say("/reports", id=mine["id"], token=house.token()).status == 201
    assert say("/receipt/erase", receipt=mine["receipt"]).status == 200


def hold_to_the_document(case, house, accept):
    fields = case.body if isinstance(case.body, dict) else {}
    if case.path == "/posts" and TOKEN.is_valid(fields.get("token")):
        case.body = {**fields, "token": house.token()}
    base = f"http://127.0.0.1:{house.port}/api"
    answer = case.call_and_validate(base_url=base, headers={"Accept": accept})
    assert answer.status_code < 500


@PUBLISHED.parametrize()
@so_many(EXAMPLES)
@pytest.mark.parametrize("accept", [JSON, "text/html"])
def test_whatever_is_sent_the_answer_is_as_documented(case, house, accept):
    hold_to_the_document(case, house, accept)
