"""What the demonstration shows, step by step: an account, and its table on the way into a dataset."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from pulumi_adobe_aep.emulator.client import EmulatorError
from pulumi_adobe_aep.errors import AepError
from tools.demo.account import Account
from tools.demo.failure import DemoFailed
from tools.demo.ingestion import Ingestion
from tools.demo.scene import Scene, Step
from tools.demo.services import Requests


@dataclass(frozen=True)
class Done:
    """A step that did what it should."""

    title: str
    outcome: str
    requests: Requests
    by_pulumi: bool
    """Whether the provider sent the requests; else the demonstration did, with the provider's own client."""


class Story:
    """The steps in their order.

    Args:
        scene: What they act on.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._account = Account(scene)
        self.ingestion = Ingestion(scene)
        self.done: list[Done] = []

    @property
    def connection_id(self) -> str:
        """The id of the connection; empty until it is created."""
        return self._account.connection_id

    def tell(self, *, keep: bool) -> None:
        """Do all steps.

        Args:
            keep: Leave everything for trying things by hand.

        Raises:
            DemoFailed: A step did not do what it should.
        """
        steps = self._steps()
        if keep:
            steps = steps[:-1]
        for number, step in enumerate(steps, 1):
            commands = self._scene.stack.commands
            mark = self._scene.emulator.mark()
            with self._scene.screen.step(f"{number}/{len(steps)}  {step.title}"):
                self._scene.screen.say(step.explanation, "dim")
                try:
                    outcome = step.run(mark)
                except (AepError, EmulatorError, psycopg.Error) as error:
                    raise DemoFailed(str(error)) from None
            requests = self._scene.emulator.requests_since(mark)
            self._scene.screen.good(f"{outcome}. Requests: {requests}.")
            self.done.append(Done(step.title, outcome, requests, by_pulumi=self._scene.stack.commands > commands))

    def _steps(self) -> list[Step]:
        return [
            *self._account.beginning,
            *self.ingestion.beginning,
            self._account.change_of_password,
            self.ingestion.failure,
            self._account.rotation,
            self.ingestion.recovery,
            Step("Up without changes", "Nothing to do costs nothing, not even a token.", self._up_without_changes),
            Step("Refresh", "Experience Platform and the state agree; a run is not drift.", self._refresh),
            self.ingestion.end,
        ]

    def _up_without_changes(self, mark: int) -> str:
        self._scene.stack.run("up", "--yes", "--skip-preview", "--expect-no-changes")
        self._scene.expect_requests(mark, total=0)
        return "No changes, nothing sent"

    def _refresh(self, _mark: int) -> str:
        self._scene.stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
        return "No drift"
