"""Every page, file and anchor that a site leads to, from its front page on, asked for once each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

Ask = Callable[[str], tuple[int, bytes]]
"""Asks for an address below `/` and gives the status and the body of the answer."""
LEADS = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "src"}
IN_SHEETS = re.compile(r"url\(\s*[\"']?([^\"')]+)")
IN_SCRIPTS = re.compile(r"(?:from|import)\s*\(?\s*[\"'](\.?/[^\"']+)[\"']")
IN_MAPS = re.compile(r"<loc>([^<]+)</loc>")


class Leads(HTMLParser):
    """What a page leads to, and the names by which its parts can be reached."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.to: set[str] = set()
        self.names: Counter[str] = Counter()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.names[str(given["id"])] += 1
        lead = given.get(LEADS.get(tag, ""))
        if lead is not None:
            self.to.add(lead)
        if tag == "form" and (given.get("method") or "get").lower() == "get":
            self.to.add(given.get("action") or "")


@dataclass(frozen=True)
class Answer:
    """What came for one address."""

    status: int
    body: bytes

    @property
    def is_page(self) -> bool:
        """Whether a person reads it in a browser."""
        return self.body[:64].lstrip().lower().startswith(b"<!doctype html")


@dataclass
class Crawl:
    """One walk over a whole site: what it answered, and what led nowhere."""

    site: str
    ask: Ask
    answers: dict[str, Answer] = field(default_factory=dict)
    leads: dict[str, Leads] = field(default_factory=dict)
    outside: dict[str, set[str]] = field(default_factory=dict)
    """Addresses of other sites, each with the pages that lead there."""
    _from: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Each link with an anchor, as address and name, and a page that has it."""

    def walk(self, *starts: str) -> Crawl:
        """Follow everything from these addresses on."""
        waiting = list(starts)
        while waiting:
            address = waiting.pop()
            if address in self.answers:
                continue
            self.answers[address] = Answer(*self.ask(address))
            waiting += self._followed(address)
        return self

    def pages(self) -> dict[str, str]:
        """Every page by its address."""
        return {a: one.body.decode() for a, one in sorted(self.answers.items()) if one.is_page}

    def broken(self) -> dict[str, str]:
        """What led nowhere, each with a page that leads there."""
        seen = {address: where for where, leads in self.leads.items() for address in leads.to}
        refused = {
            address: f"{one.status}, from {seen.get(address, 'a map or a sheet')}"
            for address, one in self.answers.items()
            if one.status != 200
        }
        return {**refused, **dict(self._without_a_name())}

    def twice_named(self) -> dict[str, list[str]]:
        """Names that two parts of one page share."""
        found = {
            address: [name for name, times in leads.names.items() if times > 1]
            for address, leads in self.leads.items()
        }
        return {address: names for address, names in found.items() if names}

    def _without_a_name(self) -> Iterator[tuple[str, str]]:
        for link, (name, where) in self._from.items():
            leads = self.leads.get(urldefrag(link)[0])
            if leads is not None and name not in leads.names:
                yield link, f"no such part, from {where}"

    def _followed(self, address: str) -> Iterator[str]:
        """The addresses of this site that an answer leads to."""
        for lead in self._leads_of(address):
            whole, name = urldefrag(urljoin(self.site + address, lead))
            parts = urlsplit(whole)
            if parts.scheme not in ("http", "https"):
                continue
            if not whole.startswith(self.site + "/"):
                self.outside.setdefault(whole, set()).add(address)
                continue
            path = whole.removeprefix(self.site)
            if name:
                self._from.setdefault(f"{path}#{name}", (name, address))
            yield path

    def _leads_of(self, address: str) -> set[str]:
        answer = self.answers[address]
        if answer.is_page:
            self.leads[address] = Leads(answer.body.decode())
            return self.leads[address].to
        file = urlsplit(address).path
        for ending, pattern in ((".css", IN_SHEETS), (".js", IN_SCRIPTS), (".xml", IN_MAPS)):
            if file.endswith(ending):
                return set(pattern.findall(answer.body.decode()))
        return set()
