import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors.headers import DOOR, MODERATION, STATIC, complete, content_type, for_door, for_static

SECURITY = [
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
]


@pytest.mark.parametrize("table", [STATIC, DOOR, MODERATION])
@pytest.mark.parametrize("name", SECURITY)
def test_every_table_has_every_security_header_once(table, name):
    assert [header for header, _ in table].count(name) == 1


def test_the_content_policy_lets_in_nothing_inline_and_nothing_from_elsewhere():
    policy = dict(STATIC)["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("frame-ancestors")
    assert set(rules.values()) == {"'self'"}
    assert "unsafe" not in policy
    assert "data:" not in policy


def test_only_the_moderators_door_may_ask_for_a_passkey():
    def policy(path):
        return dict(for_door(path))["Permissions-Policy"]

    assert "publickey-credentials-get=(self)" in policy("/moderation/")
    assert "publickey-credentials-create=(self)" in policy("/moderation")
    assert "(self)" not in policy("/api/share")
    assert "(self)" not in policy("/moderation-elsewhere")
    assert "(self)" not in dict(for_static("/"))["Permissions-Policy"]


def test_https_is_demanded_only_where_the_site_has_it():
    for answered in (for_static, for_door):
        assert "Strict-Transport-Security" not in dict(answered("/x"))
        assert "max-age=63072000" in dict(answered("/x", https=True))["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("/", "public, max-age=0, must-revalidate"),
        ("/stories/", "public, max-age=0, must-revalidate"),
        ("/feeds/stories.atom.xml", "public, max-age=0, must-revalidate"),
        ("/theme/css/site.css", "public, max-age=3600"),
        ("/theme/fonts/a-font.woff2", "public, max-age=31536000, immutable"),
    ],
)
def test_pages_are_asked_for_each_time_and_the_theme_once_an_hour(path, cache):
    assert dict(for_static(path))["Cache-Control"] == cache


def test_a_door_keeps_its_own_cache_control_and_nothing_else_of_the_tables():
    answered = (
        ("cache-control", "private, max-age=0"),
        ("X-Frame-Options", "ALLOW"),
        ("X-Own", "1"),
    )
    headers = complete(answered, for_door("/api/share"))
    names = [name.lower() for name, _ in headers]
    assert dict(headers)["cache-control"] == "private, max-age=0"
    assert dict(headers)["X-Frame-Options"] == "DENY"
    assert dict(headers)["X-Own"] == "1"
    assert len(names) == len(set(names))


def test_a_door_that_says_nothing_is_never_stored():
    assert dict(complete((), for_door("/api/share")))["Cache-Control"] == "no-store"


def test_several_cookies_stay_several():
    cookies = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert complete(cookies, for_door("/moderation/"))[:2] == cookies


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/404.html", "text/html; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/theme/js/a.js", "text/javascript; charset=utf-8"),
        ("/feeds/topics/grief.atom.xml", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/theme/img/a.svg", "image/svg+xml; charset=utf-8"),
        ("/theme/a.unheard-of", "application/octet-stream"),
    ],
)
def test_each_kind_of_file_has_its_type(path, kind):
    assert content_type(path) == kind


@given(st.text())
def test_no_path_can_break_a_header_line(path):
    for _, value in (*for_static(path), *for_door(path)):
        assert "\n" not in value
        assert "\r" not in value
