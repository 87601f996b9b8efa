"""What each command does: read its arguments, call use cases, print."""
