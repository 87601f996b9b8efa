"""Keys that the cloud keeps: read one by one, once, by whoever needs one."""

from __future__ import annotations

import pytest

from forum.parameters import Parameters
from forum.settings import BadSetting, read_settings
from tests.store.dynamodb_given import emulator


def test_a_key_is_read_where_it_is_kept_once_and_by_its_own_name() -> None:
    ssm = emulator().client("ssm")
    ssm.put_parameter(Name="/one/forum/KEY_FORMS", Value="v1:secret", Type="SecureString")
    asked: list[str] = []
    ssm.meta.events.register(
        "before-parameter-build.ssm.GetParameter", lambda params, **_: asked.append(params["Name"])
    )
    keys = Parameters("/one/forum", ssm)
    assert [keys["HANDRAIL_KEY_FORMS"], keys["HANDRAIL_KEY_FORMS"]] == ["v1:secret"] * 2
    assert asked == ["/one/forum/KEY_FORMS"]
    assert "secret" not in repr(keys)


def test_a_key_that_is_not_there_is_named_in_one_sentence() -> None:
    keys = Parameters("/nobody/forum", emulator().client("ssm"))
    with pytest.raises(BadSetting, match="/nobody/forum/KEY_FORMS cannot be read"):
        keys["HANDRAIL_KEY_FORMS"]


@pytest.mark.parametrize("path", ["forum", "/a b", "/a/", "/a//b"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(BadSetting, match="HANDRAIL_PARAMETERS"):
        read_settings({"HANDRAIL_PARAMETERS": path})
