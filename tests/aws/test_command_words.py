"""What the operator reads is true: the guide equals the code, and refusals say what to do."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from types import SimpleNamespace

import pytest

from forum.settings import Purpose
from infra.aws.commands import changes, quota, standing
from infra.aws.commands.arguments import WORDS, parse
from infra.aws.commands.changes import Does, in_words, read_changes
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import parameters_of
from infra.aws.commands.deployment import EXAMPLE, ROOT, BadDeployment, Deployment, checked, read
from infra.aws.commands.desk_words import elsewhere_than_at_the_desk, in_the_cloud
from infra.aws.commands.destroying import destroy
from infra.aws.commands.keyrings import parameter
from infra.aws.rights import THINGS, Role
from infra.aws.templates import STACKS, compose
from tests.rules.test_docs import rows_under

GUIDE = ROOT / "docs" / "operators-aws.md"
GIVEN = {"name": "small", "region": "eu-west-1"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def test_the_guide_tells_every_command_and_every_setting():
    told = {name.split(" ")[0] for name in rows_under(GUIDE, "Commands")}
    assert told == set(WORDS)
    settings = {field.name for field in fields(Deployment)}
    assert set(rows_under(GUIDE, "Your deployment's file")) == settings


def test_the_guide_names_only_commands_that_there_are():
    named = re.findall(r"infra\.aws ([a-z-]+)", GUIDE.read_text("utf-8"))
    assert set(named) <= set(WORDS)


def test_the_guide_tells_what_each_alarm_means():
    told = re.findall(r"`([a-z-]+)`", " ".join(rows_of_alarms()))
    names = [
        one["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${Name}-")
        for one in compose()["watch"].body["Resources"].values()
        if one["Type"] == "AWS::CloudWatch::Alarm"
    ]
    assert sorted(told) == sorted(names)


def rows_of_alarms():
    section = GUIDE.read_text("utf-8").split("\n## What each alarm means\n")[1].split("\n## ")[0]
    return [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]


def test_the_example_is_a_deployment_and_holds_no_secret():
    assert read(EXAMPLE) == replace(Deployment(**GIVEN), name="handrail", email=OPERATORS)


OPERATORS = "operators@example.org"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"region": "eu-west-1"}, "name must be set"),
        ({**GIVEN, "name": "Small Forum"}, "small letters"),
        ({**GIVEN, "key_receipts": "v1:abc"}, "'key_receipts' is no setting"),
        ({"nmae": "small", "region": "eu-west-1"}, "Did you mean 'name'?"),
        ({**GIVEN, "domain": "forum.example.org"}, "go together"),
        ({**GIVEN, "certificate": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "us-east-1"),
        ({**GIVEN, "budget": "20"}, "whole number"),
        ({**GIVEN, "budget": True}, "whole number"),
        ({**GIVEN, "notify": "robin@example.org"}, "list of e-mail addresses"),
        ({**GIVEN, "backup_to": ["AGE-SECRET-KEY-1"]}, "public keys that begin with age1"),
    ],
)
def test_a_wrong_deployment_is_refused_in_a_sentence(given, words):
    with pytest.raises(BadDeployment, match=re.escape(words)):
        checked(given)


def test_every_parameter_of_a_template_is_told_by_somebody():
    told = {*parameters_of(FULL), "Runtime", "ReservePress", "PressBundle"}
    for stack in STACKS:
        template = compose()[stack.name]
        defaults = {n for n, t in template.body["Parameters"].items() if "Default" in t}
        assert set(template.parameters) - defaults <= told, stack.name
        told |= set(template.outputs)
    asked = {name for one in compose().values() for name in one.parameters}
    assert parameters_of(FULL).keys() <= asked


FULL = Deployment(
    **GIVEN,
    domain="forum.example.org",
    certificate=CERTIFICATE,
    email=OPERATORS,
    customer_key="arn:aws:kms:eu-west-1:123456789012:key/1",
    leave_url="https://example.org",
    notify=("robin@example.org",),
    notify_from=OPERATORS,
)


def test_the_keys_are_made_where_the_doors_may_read_them():
    named = [one for role in Role for thing in THINGS[role] for one in thing.on]
    may_read = {one.partition(":parameter")[2] for one in named if ":parameter/" in one}
    assert may_read == {parameter("${Name}", purpose) for purpose in Purpose}


def change(action, kind="AWS::DynamoDB::Table", **more):
    told = {"Action": action, "LogicalResourceId": "Main", "ResourceType": kind, **more}
    return {"Type": "Resource", "ResourceChange": told}


def gateway(*names):
    details = [{"Target": {"Attribute": "Properties", "Name": name}} for name in names]
    kind = "AWS::ApiGateway::RestApi"
    return change("Modify", kind, Replacement="Conditional", Details=details)


MADE_OF_A_DOOR = {
    *("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage"),
    *("AWS::Lambda::Function", "AWS::Lambda::Permission"),
}
"""What Amazon makes of what `chalice package` writes for a door."""


def test_there_are_words_for_everything_that_a_change_may_name():
    types = {
        one["Type"]
        for template in compose().values()
        for one in template.body["Resources"].values()
        if "Type" in one
    }
    assert types | MADE_OF_A_DOOR <= changes.WORDS.keys()


@pytest.mark.parametrize(
    ("told", "does", "loses"),
    [
        (change("Add"), Does.ADD, False),
        (change("Modify", Replacement="False"), Does.CHANGE, False),
        (change("Modify", Replacement="True"), Does.REPLACE, True),
        (change("Modify", Replacement="Conditional"), Does.PERHAPS, True),
        (change("Modify", "AWS::SQS::Queue", Replacement="True"), Does.REPLACE, False),
        (change("Remove"), Does.REMOVE, True),
        (change("Remove", PolicyAction="Retain"), Does.LEAVE, False),
        (change("Modify", "AWS::Lambda::Permission", Replacement="True"), Does.ANEW, False),
        (gateway("Body"), Does.CHANGE, False),
        (gateway("Body", "Name"), Does.PERHAPS, False),
    ],
)
def test_a_change_is_told_for_what_it_does(told, does, loses):
    (found,) = read_changes([told])
    assert (found.does, found.loses) == (does, loses)
    assert ("LOST FOR GOOD" in in_words("small-ground", [found])) is loses


class Lambda:
    """An account that may run so many programs at once."""

    exceptions = SimpleNamespace(ResourceNotFoundException=KeyError)

    def __init__(self, limit, reserved):
        self.limit, self.reserved = limit, reserved

    def get_account_settings(self):
        free = self.limit - sum(self.reserved.values())
        return {
            "AccountLimit": {
                "ConcurrentExecutions": self.limit,
                "UnreservedConcurrentExecutions": free,
            }
        }

    def get_function_concurrency(self, FunctionName):  # noqa: N803 - boto3's own name
        return {"ReservedConcurrentExecutions": self.reserved[FunctionName]}


@pytest.mark.parametrize(
    ("limit", "reserved", "wished", "most"),
    [
        (1000, {}, 0, None),
        (1000, {}, 900, None),
        (1000, {}, 901, 900),
        (1000, {"small-api": 50}, 900, None),
        (1000, {"another": 50}, 900, 850),
        (10, {}, 1, 0),
    ],
)
def test_what_an_account_cannot_reserve_is_said_with_what_it_can(limit, reserved, wished, most):
    doubt = quota.doubts(Lambda(limit, reserved), wished, own=["small-api"])
    assert bool(doubt) is (most is not None)
    assert most is None or f"Write reserved_concurrency = {most}," in doubt


class FewStacks:
    """Stacks that are there, and whether each is protected."""

    def __init__(self, **there):
        self.there = there

    def state(self, stack):
        return "CREATE_COMPLETE" if stack in self.there else ""

    def protected(self, stack):
        return self.there[stack]

    def remove(self, stack):
        del self.there[stack]


def tear_down(stacks, *typed):
    answers = iter(typed)
    destroy("small", stacks, ["one", "two"], lambda question: next(answers), lambda words: None)


def no_terminal(question):
    raise EOFError


def test_destroying_takes_its_name_twice_and_no_protection():
    with pytest.raises(Refused, match="one is protected"):
        tear_down(FewStacks(one=True, two=False))
    for typed in (("smal",), ("small", "yes")):
        stacks = FewStacks(one=False, two=False)
        with pytest.raises(Refused, match="not its name"):
            tear_down(stacks, *typed)
        assert stacks.there.keys() == {"one", "two"}
    with pytest.raises(Refused, match="run it in a terminal"):
        destroy("small", FewStacks(one=False), ["one"], no_terminal, print)
    tear_down(stacks, "small", "small")
    assert not stacks.there
    with pytest.raises(Refused, match="Nothing called small"):
        tear_down(stacks)


def test_the_status_ends_with_what_is_amiss():
    found = standing.all_of(
        {
            "Stacks": lambda: standing.of_stacks(FewStacks(one=False), {"a": "one", "b": "two"}),
            "Nothing": lambda: iter(()),
        }
    )
    assert found.lines == (
        "Stacks:",
        "  a            create complete",
    ), "and not twice"
    assert found.amiss == ("Stacks: b            is not there",)


def test_a_command_of_the_desk_is_passed_on_as_it_was_typed():
    asked = parse(["moderation", "approve", "abc", "--as", "robin"])
    assert asked.words == ("approve", "abc", "--as", "robin")


@pytest.mark.parametrize(
    "given",
    [
        ["moderation", "invite", "--first", "--emulated", "--deployment", "drill.toml"],
        ["--emulated", "--deployment", "drill.toml", "moderation", "invite", "--first"],
    ],
)
def test_which_forum_is_meant_is_heard_wherever_it_is_said(given):
    asked = parse(given)
    assert (asked.words, asked.emulated) == (("invite", "--first"), True)
    assert asked.begun == "python -m infra.aws --deployment drill.toml --emulated"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("run `python -m moderation invite --first`.", "run `X moderation invite --first`."),
        ("Run `python -m moderation publish`.", "Run `X press`."),
        ("`python -m moderation backup` makes one.", "`X backup` makes one."),
        ("`python -m moderation backup --make-identity FILE`", None),
        ("nothing to run", None),
    ],
)
def test_what_the_desk_says_to_run_is_what_speaks_of_the_cloud(told, words):
    assert in_the_cloud(told, "X") == (words or told)


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ((), "such as `moderation queue`"),
        (("publish",), "`press`"),
        (("restore", "a.age"), "`restore FILE --identity FILE`"),
        (("backup", "a.age"), "`backup FOLDER`"),
        (("backup", "--make-identity", "key.txt"), ""),
        (("queue",), ""),
    ],
)
def test_a_command_that_has_no_place_here_names_the_one_that_has(words, instead):
    assert instead in elsewhere_than_at_the_desk(words)
    assert bool(elsewhere_than_at_the_desk(words)) is bool(instead)
