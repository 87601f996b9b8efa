"""Nikola, with no more than a forum's site needs. Its feeds are RSS."""

BLOG_AUTHOR = "Handrail"
BLOG_TITLE = "Handrail"
SITE_URL = "http://localhost:8000/"
BLOG_EMAIL = "nobody@example.org"
BLOG_DESCRIPTION = "Recovery stories"
DEFAULT_LANG = "en"
TRANSLATIONS = {"en": ""}
TIMEZONE = "UTC"
THEME = "peer"
OUTPUT_FOLDER = "output"
POSTS = (("stories/*.md", "stories", "post.tmpl"),)
PAGES = ()
COMPILERS = {"markdown": (".md",)}
MARKDOWN_EXTENSIONS = ["markdown.extensions.extra"]
PRETTY_URLS = True
STRIP_INDEXES = True
INDEX_PATH = "stories"
INDEX_DISPLAY_POST_COUNT = 20
INDEXES_PRETTY_PAGE_URL = ["page", "{number}", "{index_file}"]
TAG_PATH = "topics"
TAG_PAGES_ARE_INDEXES = True
CATEGORY_PATH = "stages"
CATEGORY_PREFIX = ""
CATEGORY_PAGES_ARE_INDEXES = True
CATEGORY_ALLOW_HIERARCHIES = False
ENABLE_AUTHOR_PAGES = False
GENERATE_RSS = True
FEED_LENGTH = 20
FEED_TEASERS = False
SHOW_SOURCELINK = False
COPY_SOURCES = False
USE_BUNDLES = False
WARN_ABOUT_TAG_METADATA = False
FUTURE_IS_NOW = True
COMMENT_SYSTEM = ""
DISABLED_PLUGINS = [
    "archive", "authors", "classify_archive", "classify_authors", "render_galleries",
    "render_listings", "scale_images", "robots", "gzip", "redirect", "page_index",
    "classify_page_index", "render_sources", "copy_files",
]  # fmt: skip
GLOBAL_CONTEXT = {}
