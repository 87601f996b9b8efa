"""The moderators' door beyond app.py: who may come in, and the pages of the desk."""
