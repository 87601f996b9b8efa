"""What readers get, edition by edition. Knows pages and bytes, and nothing of posts."""
