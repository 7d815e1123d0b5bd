"""What the suites about faults need to know of a kind of entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.store.entities import Kind
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider
from tests.faults.faults import Cell, Operation
from tests.support.host import Wire
from tools.database import PostgresServer, SampleDatabase

FIRST = "first-canary-4711"
SECOND = "second-canary-0815"
SECRETS = (FIRST, SECOND)
SANDBOX = "dev"


def nothing_first(_: Emulator, _sandbox: str) -> Wire:
    """Need nothing to exist before."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A kind of entity, and how the tests declare it.

    Attributes:
        provider: The class that a state refers to; the provider's process must be able to import it.
        collection: Where the emulator keeps its entities.
        declare: The inputs beyond name, description and sandbox, given a secret and whether they are other ones, with
            which another entity takes the place of the first.
        held: The fields that the service must hold for some outputs, beyond name and description, written down a
            second time on purpose.
        prepare: Makes what must exist first, in a sandbox; returns the inputs that refer to it.
        verified: The inputs with which the service can log in to a real database; None for a kind that is not tested.
        is_public: Whether users have this kind; False for one of the tests' own.
        lives_in_company: Whether several may exist beside each other with the same references.
        variant: Which of several declarations of this kind it is, where there are several.
        with_tokens: Whether requests for a token fail, too; they know no kind, so that one kind is enough.
        exceptions: What happens otherwise than `tests.faults.expected.EXPECTED` says, by the fault's name.
    """

    provider: type[EntityProvider]
    collection: Kind
    declare: Callable[[str, bool], Wire]
    held: Callable[[Wire], Wire]
    prepare: Callable[[Emulator, str], Wire] = nothing_first
    verified: Callable[[PostgresServer, SampleDatabase], Wire] | None = None
    exceptions: Mapping[str, Mapping[Operation, Cell]] = field(default_factory=dict)
    is_public: bool = True
    lives_in_company: bool = True
    variant: str = ""
    with_tokens: bool = False

    @property
    def kind(self) -> EntityKind:
        """The kind of entity."""
        return self.provider.kind

    @property
    def name(self) -> str:
        """The resource's name, for the page and the names of the tests."""
        return f"{self.kind.name} with {self.variant}" if self.variant else self.kind.name

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What is done with it."""
        without = {Operation.VERIFY: self.verified is None, Operation.TOKEN: not self.with_tokens}
        return tuple(each for each in Operation if not without.get(each))

    def target(self, operation: Operation) -> tuple[str, str]:
        """Return method and path of the request that the fault hits."""
        one = rf"{self.kind.path}/[^/]+$"
        return {
            Operation.CREATE: ("POST", rf"{self.kind.path}$"),
            Operation.READ: ("GET", one),
            Operation.UPDATE: (self.kind.update_method, one),
            Operation.DELETE: ("DELETE", one),
            Operation.VERIFY: ("GET", rf"{self.kind.path}/[^/]+/test$"),
            Operation.TOKEN: ("POST", r"/ims/token/"),
        }[operation]

    def inputs(self, references: Wire, secret: str = FIRST, **others: object) -> Wire:
        """Return inputs as a program declares them.

        Args:
            references: What `prepare` returned.
            secret: The secret in them.
            others: Further inputs.
        """
        inputs = {"name": "crm", **references, **self.declare(secret, False), **others}
        return inputs if "description" in self.kind.keys else {**inputs, "description": None}

    @property
    def takes_over(self) -> str:
        """The input that names an entity to take over."""
        (key,) = self.kind.inputs.marked("takes_over")
        return key

    def stored(self, emulator: Emulator) -> list[Wire]:
        """Return what the service has of this kind, secrets included."""
        return emulator.entities(self.collection, secrets=True)

    def expectation(self, outputs: Wire) -> Wire:
        """Return what the service must have for some outputs."""
        return {
            "id": outputs[self.kind.id_key],
            "name": outputs["name"],
            "description": outputs.get("description"),
            "sandboxName": outputs["sandboxName"],
            "imsOrgId": outputs["orgId"],
            **self.held(outputs),
        }
