"""The steps about the account: create, test, explore, a new password that breaks it, and a rotation that repairs it."""

from __future__ import annotations

import re
import secrets

from tools.demo.scene import Scene, Step, expect

PASSWORD_DIFF = re.compile(r"~ password\s*: \[secret\] => \[secret\]")
PICTURED_DIFF = re.compile(r"~ ((pulumi-python|adobe-aep):.*\(update\)$|(auth|password)\s*:)|^ *\}$")
"""The lines about the password: without the ids, times and ports around them, which differ from run to run."""


class Account:
    """The base connection.

    Args:
        scene: Where it is made.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.connection_id = ""

    @property
    def beginning(self) -> tuple[Step, ...]:
        """Its creation, and what can be asked of it."""
        return (
            Step("Preview", "What would be made; nothing is sent for it.", self._preview),
            Step("Create", "The account in Experience Platform, with one token and one POST.", self._create),
            Step("Test the connection", "GET /connections/{id}/test logs in to the database.", self._test),
            Step("List its tables", "GET /connections/{id}/explore reads them from the database.", self._explore),
        )

    @property
    def change_of_password(self) -> Step:
        """What breaks it."""
        return Step(
            "Change the password", "In PostgreSQL; Experience Platform does not know it.", self._change_password
        )

    @property
    def rotation(self) -> Step:
        """The rotation, which repairs it."""
        return Step("Rotate", "The new password goes to the same connection, as a masked difference.", self._rotate)

    def _preview(self, mark: int) -> str:
        self._scene.stack.configure_secret("crmPassword", self._scene.password)
        printed = self._scene.stack.run("preview", "--diff")
        expect("PostgresBaseConnection: (create)" in printed, "The preview does not show a connection to create")
        self._scene.expect_requests(mark, total=0)
        return "One to create, password masked"

    def _create(self, mark: int) -> str:
        self._scene.stack.run("up", "--yes", "--skip-preview")
        self.connection_id = self._scene.stack.output("connectionId")
        self._scene.expect_requests(mark, tokens=1, posts=1)
        self._scene.expect_state_without_secrets()
        return "Created; no password in the state"

    def _test(self, _mark: int) -> str:
        result = self._scene.flow_service().test_connection(self.connection_id)
        expect(result.passed, f"The test of the connection fails: {result.reason or 'no reason given'}")
        return '{"result": true}'

    def _explore(self, _mark: int) -> str:
        found = [table["path"] for table in self._scene.flow_service().explore(self.connection_id)]
        for path in found:
            self._scene.screen.say(path)
        expected = list(self._scene.sample.tables)
        expect(sorted(found) == expected, f"Expected the tables {expected}, found {found}")
        return f"{len(found)} tables and views"

    def _change_password(self, mark: int) -> str:
        role = self._scene.sample.role
        self._scene.screen.command(f"ALTER ROLE {role} PASSWORD '...'")
        self._scene.password = secrets.token_urlsafe(18)
        self._scene.postgres.set_password(role, self._scene.password)
        self._scene.expect_requests(mark, total=0)
        return "Changed"

    def _rotate(self, _mark: int) -> str:
        self._scene.stack.configure_secret("crmPassword", self._scene.password)
        printed = self._scene.stack.run("up", "--yes", "--skip-preview", "--diff", pictured=PICTURED_DIFF)
        expect(bool(PASSWORD_DIFF.search(printed)), "The update does not show a masked difference of the password")
        after = self._scene.stack.output("connectionId")
        expect(after == self.connection_id, f"The connection {self.connection_id} was replaced by {after}")
        self._scene.expect_state_without_secrets()
        return "Updated, same id"
