"""What people read at both doors: one word for each kind of post."""

from __future__ import annotations

from forum.post import Kind

KINDS = {
    Kind.STORY: "Story",
    Kind.REPLY: "Reply",
    Kind.CHECK_IN: "Check-in",
    Kind.COPING: "Coping tip",
    Kind.LETTER: "Letter",
}
