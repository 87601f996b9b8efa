"""The whole site built from nothing, ours and the others in turns; and after a template changed.

Ours stands four times: the press over a store when nothing has ever been up, the press told to
make everything anew, and Pelican alone, into editions and into plain files.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from publish_cold import build
from publish_cost import Cost, Costs
from publish_house import files_in, house
from publish_peers import PEERS, Site, install, present
from publish_plain import Plain, plain
from publish_rounds import SIZE, Tell, Turn, compared, in_json, in_turns
from publish_tales import tale, tales
from servers import ROOT

FIRST: Final = "Handrail, publish, the first"
ANEW: Final = "Handrail, publish --full"
EDITIONS: Final = "Handrail, pelican, editions"
PLAIN: Final = "Handrail, pelican, plain files"
THEME: Final = ROOT / "site" / "theme"
CHANGED: Final = ("story.html", "list.html")


def measure(tell: Tell) -> dict[str, Any]:
    """Every maker at ten thousand stories."""
    install()
    sites = {peer.name: peer.site(SIZE) for peer in present(PEERS, tell)}
    told = list(tales(range(SIZE)))
    for site in sites.values():
        site.prepare(told)
    sides: dict[str, Turn] = {**ours(SIZE), **{name: _anew(site) for name, site in sites.items()}}
    costs = in_turns(sides, tell, [name for name, site in sites.items() if site.peer.dear])
    mine = {name: costs[name] for name in (EDITIONS, PLAIN, FIRST, ANEW)}
    others = {name: costs[name] for name in sites}
    return {
        "costs": in_json(costs),
        "times": compared(others, mine, tell),
        "times wall": compared(others, mine, tell, "wall_s"),
        "sites": _weighed(sites, tell),
        "template": templates(tell, costs[EDITIONS]),
    }


def ours(size: int) -> dict[str, Turn]:
    """Our four ways from nothing to a whole site."""
    return {
        EDITIONS: lambda: _plainly(size, kept=True),
        PLAIN: lambda: _plainly(size, kept=False),
        FIRST: lambda: _pressed(size),
        ANEW: lambda: _pressed(size, "--full"),
    }


def _plainly(size: int, kept: bool) -> Cost:
    with plain(size) as site:
        return site.build(kept=kept)


def _pressed(size: int, *again: str) -> Cost:
    """The first press of a house; or, with arguments, the one after it."""
    with house(size) as opened:
        first, _ = opened.publish()
        return opened.publish(*again)[0] if again else first


def _anew(site: Site) -> Turn:
    def turn() -> Cost:
        site.forget()
        return build(site)

    return turn


def templates(tell: Tell, full: Costs) -> dict[str, Any]:
    """What a changed template takes, beside a full build; its pages must show the change."""
    with plain(SIZE) as site:
        theme = Path(shutil.copytree(THEME, site.posts.with_name("theme")))
        site.build("--theme-path", str(theme))
        costs = {name: Costs.of([_changed(site, theme, name)]) for name in CHANGED}
    for name, cost in costs.items():
        tell(f"{name} changed: {cost}")
    return {"costs": in_json(costs), "times": compared(costs, {EDITIONS: full}, tell)}


def _changed(site: Plain, theme: Path, name: str) -> Cost:
    template, mark = theme / "templates" / name, f"<p>{name} is another now.</p>"
    text = template.read_text("utf-8")
    template.write_text(text.replace("{% block main %}", "{% block main %}" + mark), "utf-8")
    cost = site.build("--theme-path", str(theme))
    path = (
        f"stories/{tale(0).id}/index.html" if name == "story.html" else "stories/page/1/index.html"
    )
    if mark not in site.page(path):
        raise RuntimeError(f"{path} does not show that {name} changed")
    return cost


def _weighed(sites: Mapping[str, Site], tell: Tell) -> dict[str, dict[str, int]]:
    """How many files each has made, how much is in them, and how large one and the same page is."""
    told = {name: _weight(site.output, site.story(tale(0))) for name, site in sites.items()}
    with plain(SIZE) as site:
        site.build(kept=False)
        output = site.posts.with_name("output")
        told["Handrail"] = _weight(output, output / "stories" / tale(0).id / "index.html")
    for name, weight in told.items():
        tell(f"{name}: " + ", ".join(f"{number} {what}" for what, number in weight.items()))
    return told


def _weight(output: Path, story: Path) -> dict[str, int]:
    sizes = [path.stat().st_size for path in files_in(output)]
    return {"files": len(sizes), "kB": sum(sizes) // 1000, "bytes a story": story.stat().st_size}


if __name__ == "__main__":
    measure(print)
