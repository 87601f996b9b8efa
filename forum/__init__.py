"""The rules: what a post is and what may happen to it. Knows no HTTP, no AWS, no Pelican."""
