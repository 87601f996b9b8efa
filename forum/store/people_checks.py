"""What must hold before a change of people, asked inside the transaction that makes the change."""

from __future__ import annotations

import sqlite3

from forum.person import By, LastCoordinator, NotTheirs, Role
from forum.rows import NotEnrolled
from forum.store.people_rows import roles_from


def roles_now(connection: sqlite3.Connection, moderator_id: str) -> frozenset[Role]:
    """The roles of somebody enrolled; raise `NotEnrolled`."""
    row = connection.execute(
        "SELECT roles FROM moderators WHERE id = ?", (moderator_id,)
    ).fetchone()
    if row is None:
        raise NotEnrolled(moderator_id)
    return roles_from(row["roles"])


def must_coordinate(connection: sqlite3.Connection, by: By) -> None:
    """Raise `NotTheirs` unless a coordinator asks, or the operator."""
    if by.is_operator:
        return
    try:
        coordinates = Role.COORDINATOR in roles_now(connection, by.who)
    except NotEnrolled:
        coordinates = False
    if not coordinates:
        raise NotTheirs


def must_leave_a_coordinator(connection: sqlite3.Connection, moderator_id: str, by: By) -> None:
    """Raise `LastCoordinator` if this one is; the operator can always make another."""
    if by.is_operator or Role.COORDINATOR not in roles_now(connection, moderator_id):
        return
    other = connection.execute(
        "SELECT 1 FROM moderators, json_each(moderators.roles) "
        "WHERE json_each.value = ? AND moderators.id != ? LIMIT 1",
        (Role.COORDINATOR.value, moderator_id),
    ).fetchone()
    if other is None:
        raise LastCoordinator


def void_invitations_of(connection: sqlite3.Connection, moderator_id: str) -> None:
    """Take back what somebody invited who may not any more."""
    connection.execute("DELETE FROM invitations WHERE invited_by = ?", (moderator_id,))
