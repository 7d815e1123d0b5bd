"""How many requests the emulator carries, and how long each takes.

`python benchmarks/emulator.py` starts an emulator and sends it a mix of requests at a fixed rate. A request's time
counts from the moment at which it was due, not from when a free connection was found for it, so that a server which
falls behind cannot hide it. A second run without pauses shows the most that one process carries.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator, running_emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

CONNECTIONS = 16
PREFIX = "/data/foundation/flowservice/connections"
STORED = 500
"""Connections that are there before the measurement begins, so that lists have something to sort."""


class Channel:
    """One kept-alive HTTP connection; just enough HTTP for the emulator's responses."""

    def __init__(self, emulator: Emulator, token: str) -> None:
        address = urlsplit(emulator.base_url)
        self._host, self._port = address.hostname or "", address.port or 0
        self._head = (
            f"Host: {address.netloc}\r\nAuthorization: Bearer {token}\r\nx-api-key: {emulator.client_id}\r\n"
            f"x-gw-ims-org-id: {emulator.org_id}\r\nx-sandbox-name: dev\r\n"
        )
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, method: str, path: str, body: object = None, etag: str | None = None) -> tuple[int, Any]:
        """Send a request and return the status and the JSON of its response."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        payload = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {PREFIX}{path} HTTP/1.1\r\n{self._head}Content-Length: {len(payload)}\r\n"
        if payload:
            head += "Content-Type: application/json\r\n"
        if etag is not None:
            head += f"If-Match: {etag}\r\n"
        writer.write(head.encode() + b"\r\n" + payload)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        return int(lines[0].split(" ")[1]), json.loads(content) if content else None

    def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()


@dataclass
class Load:
    """What is sent: for every connection made a read, a list, a change and a deletion."""

    ids: list[str]
    times: dict[str, list[float]] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def step(self, channel: Channel, due: float) -> None:
        """Send one request and note how long after its due time the response was there."""
        number = next(self.numbers)
        name, send = self._kinds()[number % 5]
        await send(channel, number)
        self.times.setdefault(name, []).append(time.perf_counter() - due)

    def _kinds(self) -> list[tuple[str, Callable[[Channel, int], Coroutine[Any, Any, None]]]]:
        return [
            ("create", self._create),
            ("read", self._read),
            ("list", self._list),
            ("read for a change", self._read),
            ("change", self._change),
        ]

    async def _create(self, channel: Channel, number: int) -> None:
        status, response = await channel.request("POST", "", body(f"load-{number}"))
        _expect(status, 201)
        self.ids.append(response["id"])

    async def _read(self, channel: Channel, number: int) -> None:
        _expect((await channel.request("GET", f"/{self.ids[number % len(self.ids)]}"))[0], 200)

    async def _list(self, channel: Channel, number: int) -> None:
        del number
        query = f"?limit=20&property=connectionSpec.id=={POSTGRESQL_SPEC_ID}"
        _expect((await channel.request("GET", query))[0], 200)

    async def _change(self, channel: Channel, number: int) -> None:
        # A stale etag is a full exchange, too; with a read before each the changes would not be a fifth of the load.
        change = [{"op": "replace", "path": "/name", "value": f"changed-{number}"}]
        status, _ = await channel.request("PATCH", f"/{self.ids[number % len(self.ids)]}", change, '"stale"')
        _expect(status, 412)


def body(name: str) -> dict[str, Any]:
    """Return the body of a create."""
    text = "Server=db.example.com;Database=crm;Port=5432;UID=reader;Password=not-a-real-one"
    return {
        "name": name,
        "auth": {"specName": "Connection String Based Authentication", "params": {"connectionString": text}},
        "connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"},
    }


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"the emulator responded with {status}, not {wanted}")


async def at_rate(channels: list[Channel], load: Load, rate: float, seconds: float) -> None:
    """Send requests at a fixed rate over whichever channel is free."""
    free: asyncio.Queue[Channel] = asyncio.Queue()
    for channel in channels:
        free.put_nowait(channel)

    async def one(due: float) -> None:
        channel = await free.get()
        await load.step(channel, due)
        free.put_nowait(channel)

    began = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        pause = due - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)


async def without_pause(channels: list[Channel], load: Load, seconds: float) -> float:
    """Send requests as fast as the responses come; return requests a second."""
    began = time.perf_counter()

    async def keep_on(channel: Channel) -> int:
        done = 0
        while time.perf_counter() - began < seconds:
            await load.step(channel, time.perf_counter())
            done += 1
        return done

    done = sum(await asyncio.gather(*(keep_on(channel) for channel in channels)))
    return done / (time.perf_counter() - began)


async def fill(channel: Channel, load: Load) -> None:
    """Create the connections that are there from the beginning."""
    for number in range(STORED):
        status, response = await channel.request("POST", "", body(f"stored-{number}"))
        _expect(status, 201)
        load.ids.append(response["id"])


def percentile(times: list[float], share: float) -> float:
    """Return the time that this share of the requests did not exceed, in milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def table(load: Load) -> list[str]:
    """Return the times by kind of request."""
    rows = [f"{'milliseconds':<20}{'median':>8}{'95 %':>8}{'99 %':>8}{'longest':>9}"]
    everything = [each for times in load.times.values() for each in times]
    for name, times in [*load.times.items(), ("all", everything)]:
        figures = (statistics.median(times) * 1000, percentile(times, 0.95), percentile(times, 0.99))
        rows.append(f"{name:<20}" + "".join(f"{each:>8.2f}" for each in figures) + f"{max(times) * 1000:>9.2f}")
    return rows


def cpu_seconds(emulator: Emulator) -> float:
    """Return the processor time that the emulator has used, which depends less than the times on the machine's load."""
    if emulator.process is None:
        raise RuntimeError("the emulator is not a process of ours")
    times = psutil.Process(emulator.process.pid).cpu_times()
    return float(times.user + times.system)


async def measure(emulator: Emulator, rate: float, seconds: float) -> list[str]:
    """Return the lines of the report."""
    channels = [Channel(emulator, emulator.token()) for _ in range(CONNECTIONS)]
    load = Load([])
    await fill(channels[0], load)
    await at_rate(channels, load, rate, 1)
    load.times.clear()
    used = cpu_seconds(emulator)
    await at_rate(channels, load, rate, seconds)
    used = (cpu_seconds(emulator) - used) / (rate * seconds)
    lines = [
        f"{rate:g} requests a second for {seconds:g} seconds over {CONNECTIONS} connections",
        *table(load),
        f"processor time of the emulator: {used * 1000:.2f} milliseconds a request, room for {1 / used:.0f} a second",
    ]
    load.times.clear()
    most = await without_pause(channels[:4], load, seconds)
    lines += [f"without pauses over 4 connections: {most:.0f} requests a second", *table(load)]
    for channel in channels:
        channel.close()
    return lines


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=500, help="requests a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="length of each measurement (default: %(default)s)")
    parser.add_argument("--data", metavar="FILE", help="let the emulator keep its data in this file")
    options = parser.parse_args()
    with running_emulator([] if options.data is None else ["--data", options.data]) as emulator:
        lines = asyncio.run(measure(emulator, options.rate, options.seconds))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}"
    sys.stdout.write("\n".join([machine, *lines]) + "\n")


if __name__ == "__main__":
    main()
