"""What to do about Adobe's codes of source connections, target connections, dataflows and their runs.

Sources: Adobe, "Sources error messages", "Flow Service API error messages" and "Monitor dataflows using the Flow
Service API". Names of properties are between backticks, as in the state.
"""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_adobe_aep.advice import Advice, AdviceKey, advise

_SCHEDULE = "Correct `schedule`: the interval is 15 minutes or more, or 1 or more hours, days or weeks; once has none."
_DELTA_COLUMN = "Give the delta column that the dataflow has, as `deltaColumn`; its first run on demand needs it."
_WINDOW = "Give a window whose end is later than its start."
_NO_MAPPING = "Give the dataflow a mapping set: `mappingId` and `mappingVersion`."
_REFERENCE = "Correct the id that the message names: it must be that of an entity in the same sandbox."
_TABLE = (
    "Check that `table` is a path that Flow Service lists, and that the database role may read it; a table without "
    "columns cannot be read."
)

ADVICE: Mapping[str, str | Advice] = {
    "1307": "Give the id of a target connection of the data lake as `targetConnectionId`.",
    "1317": _SCHEDULE,
    "1320": _REFERENCE,
    "1321": "Give exactly one source connection and one target connection.",
    "1323": _REFERENCE,
    "1325": "Give the id of a dataset that exists as `datasetId`.",
    "1328": _NO_MAPPING,
    "1330": _TABLE,
    "1338": _REFERENCE,
    "1340": "Write `schedule.startTime` as a time with its zone, such as 2026-01-31T06:00:00Z.",
    "1353": "Leave `filters` out: Adobe does not filter the rows of this source.",
    "1360": "Leave `schedule.startTime` out, which starts the dataflow some minutes after it is created, or give a "
    "later time. If it is left out, the clock of this machine is behind.",
    "1361": _SCHEDULE,
    "1362": _SCHEDULE,
    "1363": _SCHEDULE,
    "1364": "Leave `schedule.backfill` out: it has no meaning with the frequency once.",
    "1365": advise(AdviceKey.REPLACE, why="Adobe does not change what the message names of an entity that exists."),
    "1366": "Leave `schedule.startTime` out: it has passed, and a later one has no effect.",
    "1367": "Name a column of a date or time type as `deltaColumn`, or use the frequency once.",
    "1369": "Leave `deltaColumn` out: it has no meaning with the frequency once.",
    "1370": _NO_MAPPING,
    "1380": "Look at the last runs of the dataflow, and run the command again.",
    "1381": _WINDOW,
    "1382": _DELTA_COLUMN,
    "1383": _DELTA_COLUMN,
    "1384": _WINDOW,
    "1386": "Only a dataflow with the frequency once runs on demand; any other runs by its schedule.",
    "1387": "Wait until the run has ended.",
    "1388": "Enable the dataflow first.",
    "1397": _SCHEDULE,
    # The connectors' codes; Flow Service's own 1403 and 1404 mean something else and have another status.
    "1403-400": advise(AdviceKey.REPLACE, why="A dataflow that has started cannot get the frequency once."),
    "1404-400": advise(AdviceKey.REPLACE, why="The backfill of a dataflow that has started cannot be changed."),
    "1412": "Give a version that the mapping set has as `mappingVersion`.",
    "1419": "Check the mapping set, and that the role of the API credential has the access labels of all fields that "
    "it maps to.",
    "1422": "Look at the state of the dataflow: it is so already, or it is a draft, which is published in "
    "Experience Platform first.",
    "1425": "Give the target connection and the mapping set the `schemaId` and the `schemaVersion` that the dataset "
    "has.",
    "1427": "Use OAuth server-to-server credentials (AEP_CLIENT_ID, AEP_CLIENT_SECRET): user tokens may not do this.",
    # Of what is read or changed, the operation itself says more; this is for what a new entity refers to.
    "1439": "Check the id that the message names, and `sandboxName`: what is referred to must be in the same sandbox.",
    "1447": "Delete the dataflows that use it, then run the command again.",
}
"""By the code, or by code and status where the code alone means several things."""
