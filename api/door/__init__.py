"""The visitors' door: parse, call a use case, answer. No rule lives here."""
