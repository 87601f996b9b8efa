"""How Pelican builds the site. `pelican --fatal errors` from this folder builds all of it.

Stories come from the press and are rendered by the story_pages plugin; pages written by hand
are Markdown in content/pages and content/resources. Pelican's own blog features are off.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent

SITENAME = "Handrail"
SITEURL = os.environ.get("HANDRAIL_SITEURL", "http://localhost:8000").rstrip("/")
LEAVE_URL = os.environ.get("HANDRAIL_LEAVE_URL", "")  # "" for the page that the theme names
PRODUCTION = os.environ.get("HANDRAIL_ENV", "development") == "production"

# The same input makes the same bytes, on any machine.
TIMEZONE = "UTC"
LOCALE = ["C"]
DEFAULT_LANG = "en"
RELATIVE_URLS = False
LOAD_CONTENT_CACHE = False
DELETE_OUTPUT_DIRECTORY = True  # what was withdrawn must not stay behind

# Content: pages by hand, posts by the press, and no articles.
PATH = "content"
OUTPUT_PATH = "output"
PAGE_PATHS = ["pages", "resources"]
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
SLUGIFY_SOURCE = "basename"
STATIC_PATHS: list[str] = []
ARTICLE_PATHS: list[str] = []
ARTICLE_TRANSLATION_ID = None
PAGE_TRANSLATION_ID = None
TYPOGRIFY = False
MARKDOWN = {
    "extension_configs": {"markdown.extensions.extra": {}, "markdown.extensions.meta": {}},
    "output_format": "html5",
}

# The theme. Its static files go to /theme.
THEME = "site/theme"
THEME_STATIC_DIR = "theme"
JINJA_ENVIRONMENT = {
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,  # a build reads each template once
}

# Our own additions. A plugin that fails to load stops the build only with --fatal errors.
PLUGIN_PATHS = ["site/plugins"]
PLUGINS = [
    "help_strip", "words_page", "outside_groups", "story_pages", "help_topics", "even_times",
]  # fmt: skip
HELPLINES = ROOT / "content" / "helplines.csv"
VOCABULARY = ROOT / "content" / "vocabulary.json"
WORDS = ROOT / "content" / "words.csv"
GROUPS = ROOT / "content" / "groups.csv"
today = datetime.now(UTC).date()
GROUPS_CHECKED = (str(today - timedelta(days=365)), str(today + timedelta(days=1)))
"""The first and the last day of a check that counts: a group looked at earlier is not shown."""
POSTS = ROOT / os.environ.get("HANDRAIL_POSTS", "content/posts")
NUMBERS = POSTS.with_name(f"{POSTS.name}-numbers.json")  # the months' totals, from the press
EDITIONS = os.environ.get("HANDRAIL_EDITIONS", "")  # where editions are kept; "": plain files
EDITION_WHOLE = os.environ.get("HANDRAIL_WHOLE", "") == "1"  # make everything anew
EDITION_PURGE = False  # keep no earlier edition
EDITION_SEARCH = os.environ.get("HANDRAIL_SEARCH", "") == "1"  # renew the search's large index
EDITION_REPORT = os.environ.get("HANDRAIL_REPORT", "")  # where to say what was done
EDITION_TOLD = None  # told the same, in this process
EDITION_PROGRESS = None  # told how far the build is

# robots.txt asks these to stay out: they gather text to train models on.
TRAINING_CRAWLERS = [
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot",
    "ClaudeBot", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended",
    "GPTBot", "img2dataset", "meta-externalagent", "omgili", "PanguBot", "PerplexityBot",
    "Timpibot", "webzio-extended",
]  # fmt: skip

# What Pelican would otherwise make of articles.
DIRECT_TEMPLATES: list[str] = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = ARCHIVES_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
