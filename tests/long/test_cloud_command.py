"""The whole forum in an emulated cloud, by the operator's own words: up, walked through, and back.

It makes the real bundles and seven real stacks; every step after that leans on the ones before.
"""

from __future__ import annotations

import socket
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from infra.aws.commands.acting import GUARDED, Acting
from infra.aws.commands.arguments import Asked
from infra.aws.commands.blueprint import MADE
from infra.aws.commands.cloud import Refused, clients
from infra.aws.commands.deploying import Blueprint
from infra.aws.commands.emulated import DEPLOYMENT, owner
from infra.aws.commands.releasing import Releasing
from infra.aws.emulator import Emulator

STORY = "I stopped counting days and started counting walks. It took a year, and it was worth it."


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Emulator(port, tmp_path_factory.mktemp("cloud") / "log") as started:
        yield started


@pytest.fixture(scope="module")
def operate(cloud, tmp_path_factory):
    """Acts as the command line does, a new run each time, and keeps what was said."""
    folder = tmp_path_factory.mktemp("keys")
    reached = clients(DEPLOYMENT.region, **owner(cloud))
    plain = Acting(Asked("keys"), DEPLOYMENT, reached, print, input, cloud)
    identity = folder / "identity.txt"
    told = plain.desk.ask("backup", "--make-identity", str(identity))
    chosen = replace(DEPLOYMENT, backup_to=(str(told["recipient"]),))

    def operate(command, **given):
        asked = Asked(command, emulated=True, identity=str(identity), **given)
        said = []
        acting = Acting(asked, chosen, reached, said.append, typed, cloud)
        return acting, said

    return operate


def typed(question):
    return DEPLOYMENT.name


def shared(acting):
    form = acting.visitor.get("/api/share?kind=story")
    time.sleep(4)
    fields = {"kind": "story", "body": STORY, "consent": "yes", "token": str(form.told["token"])}
    sent = acting.visitor.post("/api/posts", fields)
    assert sent.status == 201, sent.body
    assert acting.desk.ask("approve", str(sent.told["id"]))["state"] == "approved"
    return str(sent.told["id"]), str(sent.told["receipt"])


def emptied(acting):
    """What a lost table is: the ledger of erasures alone is left."""
    dynamo = acting.clients("dynamodb")
    for table in (acting.deployment.name, f"{acting.deployment.name}-texts"):
        for page in dynamo.get_paginator("scan").paginate(TableName=table):
            for row in page["Items"]:
                dynamo.delete_item(TableName=table, Key={"pk": row["pk"], "sk": row["sk"]})


def begin_as_new(acting, said):
    """What the tables hold once a deploy with the form closed has ended."""
    acting.grounded()
    assert acting.judged() == []


def broken(good: Blueprint, folder: Path) -> Blueprint:
    """The same, with a visitors' door that fails as it is imported."""
    path = folder / "api.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("app.py", "import no_such_module\n")
    return replace(good, bundles={**good.bundles, "api": path})


def test_a_fresh_account_to_a_running_forum_and_back(operate, tmp_path):
    acting, said = operate("deploy")
    acting.deploy()
    assert said[-1].startswith("Release 1 is up: https://")
    acting, said = operate("smoke")
    acting.smoke()
    assert said[-1].startswith("All of it works.")

    acting, said = operate("deploy")
    good = acting.blueprint()
    with pytest.raises(Refused, match="did not work, so release 1 is back"):
        Releasing(acting.deploying, acting.judged).release(broken(good, tmp_path))
    acting, said = operate("smoke")
    acting.smoke()

    folder = tmp_path / "backups"
    acting, said = operate("backup", file=str(folder))
    kept, _ = shared(acting)
    taken_back, receipt = shared(acting)
    acting.backup()
    (copy,) = folder.iterdir()
    named = {"receipt": receipt, "id": taken_back}
    assert acting.visitor.post("/api/receipt/withdraw", named).status == 200
    acting, said = operate("restore", file=str(copy))
    with pytest.raises(Refused, match="Nothing was stopped and nothing was changed"):
        acting.restore()
    assert said == [], "a restore typed at a live forum stops nothing"
    operate("deploy", to_try=True)[0].halting.halt()
    operate("resume")[0].resume()
    emptied(acting)
    begin_as_new(*operate("deploy", to_try=True))
    acting, said = operate("restore", file=str(copy))
    acting.restore()
    assert [line.split()[-1] for line in said if "upkeep" in line] == ["stopped.", "again."]
    approved = acting.desk.ask("queue", "--state", "approved")["posts"]
    assert [post["id"] for post in approved] == [kept]
    acting, said = operate("smoke")
    acting.smoke()

    acting.protect()
    with pytest.raises(Refused, match="is protected"):
        operate("destroy")[0].destroy()
    acting.unprotect()
    acting, said = operate("destroy")
    acting.destroy()
    assert not any(acting.deploying.stacks.state(f"handrail-{name}") for name in GUARDED)
    assert "aws dynamodb delete-table" in "".join(said), "what is left, and what removes it"
    with pytest.raises(Refused, match="left this behind"):
        operate("deploy")[0].deploy()
    assert MADE.exists()
