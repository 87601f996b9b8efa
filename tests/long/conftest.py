"""The browser and the running product of the journeys, for the longer checks too."""

from tests.journeys.conftest import chromium, house

__all__ = ["chromium", "house"]
