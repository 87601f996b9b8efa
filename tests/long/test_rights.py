"""The rights of every role, held against all that the contract suites do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cfnlint.api
import pytest
import yaml

from infra.aws.chalice_package import chalice_package
from infra.aws.templates import STACKS, compose

ROOT = Path(__file__).parents[2]
WRITTEN_DOWN = ROOT / "tests" / "aws" / "calls.json"
CONTRACTS = [str(path) for path in sorted((ROOT / "tests" / "store").glob("test_*_contract.py"))]
ON_DYNAMODB = [str(path) for path in sorted((ROOT / "tests" / "store").glob("test_dynamodb_*.py"))]
PUBLISHING = [str(path) for path in sorted((ROOT / "tests" / "aws").glob("test_publishing*.py"))]


def run(plugin: str, *asked: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The suites in a process of their own, with a plugin of ours."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", plugin, "-p", "no:cacheprovider", *asked]
    told = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)


def test_what_the_suites_ask_of_amazon_is_what_is_written_down(tmp_path: Path) -> None:
    """If it is not, look at the difference, and copy the new file over the old."""
    heard = tmp_path / "calls.json"
    suites = (*CONTRACTS, *ON_DYNAMODB, *PUBLISHING)
    done = run("tests.aws.recording", *suites, "-k", "dynamodb or publishing", CALLS_TO=str(heard))
    assert done.returncode == 0, done.stdout
    assert json.loads(heard.read_text()) == json.loads(WRITTEN_DOWN.read_text())


def test_every_contract_is_kept_under_the_rights_of_each_port_alone() -> None:
    done = run("tests.aws.enforcing", *CONTRACTS, "-k", "dynamodb", "-n", "2")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
def test_cfn_lint_finds_nothing_in_a_template_as_it_is_deployed(stack, tmp_path: Path) -> None:
    body = compose()[stack.name].text()
    if stack.is_door:
        body = chalice_package(stack.name, tmp_path / stack.name, "arm64", body).template
    assert [str(found) for found in cfnlint.api.lint(body, regions=["eu-west-1"])] == []
    assert "Resources" in yaml.safe_load(body)
