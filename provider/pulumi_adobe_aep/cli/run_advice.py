"""What to do about the errors of a dataflow's run, which are not errors of a request.

Source of the codes: Adobe, "Monitor dataflows using the Flow Service API". Names of properties are between backticks.
"""

from __future__ import annotations

from collections.abc import Mapping

RUN_ADVICE: Mapping[str, str] = {
    "CONNECTOR-1001-500": "Adobe could not read the table. Try the login with pulumi-adobe-aep test, and look at the "
    "table with pulumi-adobe-aep explore: a password that was changed, a firewall, or a table or column that was "
    "dropped or renamed are the usual causes.",
    "CONNECTOR-2001-500": "The rows were read and could not be processed. Look at what the other errors of the run "
    "name, and correct the mapping set or the rows.",
    "CONNECTOR-3001-500": "The batch could not be made. Check that the dataset still exists and has not expired.",
    "INGEST-1212-400": "Some rows do not fit the schema. With `errorDiagnostics` Adobe keeps which and why; correct "
    "the mapping set or the rows. `partialIngestionPercent` says how many may fail before the run does.",
    "MAPPER-3700-400": "A mapping cannot be applied to a row. Correct the expression that the message names, so that "
    "it takes empty values and values of other types.",
}
"""By the code as Adobe writes it."""
