"""`python -m tools.demo`: run the demonstration, or end one that was kept."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from filelock import FileLock, Timeout

from tools.demo import kept
from tools.demo.console import Screen, Stopwatch
from tools.demo.environment import for_the_engine, pulumi_variables, write_exports, write_passphrase
from tools.demo.failure import DemoFailed
from tools.demo.language import LANGUAGES, Language
from tools.demo.layout import DEFAULT_FOLDER, Layout
from tools.demo.picture import Picture
from tools.demo.scene import Scene
from tools.demo.services import EmulatorService, start_postgres
from tools.demo.stack import Stack
from tools.demo.story import Story
from tools.engine import EngineUnavailable, ensure_engine

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("action", nargs="?", choices=("run", "down"), default="run", help="default: run")
    parser.add_argument("--keep", action="store_true", help="leave everything running and print the exports for it")
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default="python",
        metavar="LANGUAGE",
        help="language of the programs: python or yaml",
    )
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where to keep everything")
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="draw the most important lines as an SVG in this file"
    )
    options = parser.parse_args(arguments)
    if options.picture and not options.picture.parent.is_dir():
        parser.error(f"--picture: there is no folder {options.picture.parent}")
    layout = Layout(options.folder.absolute())
    # With --keep, stdout has the exports alone, so that `eval "$(...)"` works.
    screen = Screen(stderr=options.keep, picture=Picture(options.picture) if options.picture else None)
    layout.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(layout.lock, timeout=0):
            if options.action == "down":
                return _down(layout, screen)
            return _run(layout, screen, LANGUAGES[options.language], keep=options.keep)
    except Timeout:
        screen.end("Failed", f"Another demonstration runs in {layout.folder}; wait for its end, or give --folder.")
        return 1


def _run(layout: Layout, screen: Screen, language: Language, *, keep: bool) -> int:
    if kept.running(layout):
        screen.end("Failed", f"A demonstration was kept running in {layout.folder}. End it first: make demo-down")
        return 1
    for number in STOPPING_SIGNALS:
        signal.signal(number, _interrupt)
    code, word, text = 0, "", ""
    with ExitStack() as exits:
        try:
            _demonstrate(layout, screen, language, exits, keep=keep)
        except KeyboardInterrupt:
            code, word, text = INTERRUPTED, "Interrupted", "nothing is left running."
        except EngineUnavailable as error:
            code, word, text = 1, "Failed", str(error)
        except DemoFailed as error:
            code, word, text = 1, "Failed", f"{error}\nThe logs are in {layout.shown(layout.folder)}."
        except OSError as error:
            code, word, text = 1, "Failed", f"{layout.folder} cannot be used: {error}."
        _ignore_signals()
    if code == INTERRUPTED or not (code or keep):
        layout.clear()
    if word:
        screen.end(word, text)
    return code


def _demonstrate(layout: Layout, screen: Screen, language: Language, exits: ExitStack, *, keep: bool) -> None:
    watch = Stopwatch()
    layout.make()
    screen.heading("What is needed")
    with screen.step("Pulumi engine"):
        engine = ensure_engine(screen.say, languages=[language.name])
    with screen.step("PostgreSQL"):
        postgres, sample = start_postgres(layout, exits)
        screen.say(f"A server on {postgres.host}:{postgres.port}, database {sample.name}, role {sample.role}")
    with screen.step("Emulator of Flow Service and IMS"):
        emulator = EmulatorService(layout, exits)
        screen.say(emulator.client.base_url)
    with screen.step("Stack"):
        write_passphrase(layout)
        variables = pulumi_variables(layout, emulator.client)
        stack = Stack(engine, layout, language, for_the_engine(engine, variables), screen)
        stack.make()
        stack.configure(
            crmServer=postgres.host,
            crmPort=str(postgres.port),
            crmDatabase=sample.name,
            crmUsername=sample.role,
            crmEncryption="request",
        )
        story = Story(Scene(stack, postgres, sample, emulator, variables, screen))
        story.ingestion.prepare()
        screen.say(f"The program {language.quickstart}; everything is kept in {layout.shown(layout.folder)}")
    screen.heading("From a database to rows in a dataset")
    story.tell(keep=keep)
    _summarize(story, screen, watch)
    screen.save_picture()
    if keep:
        exports = write_exports(layout, engine, variables, postgres, sample)
        kept.record(layout, (postgres.release(), emulator.release()))
        exits.pop_all()
        _say_how_to_go_on(layout, screen, emulator, story, exports)


def _summarize(story: Story, screen: Screen, watch: Stopwatch) -> None:
    screen.heading("Summary")
    screen.summary(
        ("", "Step", "What came of it", "Requests"),
        [(str(number), step.title, step.outcome, str(step.requests)) for number, step in enumerate(story.done, 1)],
    )
    total, by_pulumi = (
        sum(len(step.requests) for step in story.done if step.by_pulumi or everybody) for everybody in (True, False)
    )
    screen.line(f"Connection id: {story.connection_id}")
    screen.line(f"Dataflow id: {story.ingestion.flow_id}")
    screen.line(f"Requests sent: {total}, by the provider {by_pulumi}, by this demonstration {total - by_pulumi}")
    screen.line(f"Time: {watch.seconds:.0f} seconds")


def _say_how_to_go_on(layout: Layout, screen: Screen, emulator: EmulatorService, story: Story, exports: str) -> None:
    screen.heading("Kept running")
    screen.line(f"Accounts, dataflows, runs and rows, in a browser:  {emulator.client.base_url}/")
    screen.line(f"To try things by hand, in your shell:  . {layout.shown(layout.exports)}")
    screen.line("Then for example:  pulumi up   or   psql -c '\\d'")
    run = f"curl -X POST $AEP_BASE_URL/_emulator/flows/{story.ingestion.flow_id}/runs"
    screen.line(f"To run the dataflow at once:  {run}")
    screen.line("To end it:  make demo-down")
    screen.line()
    sys.stdout.write(exports)
    sys.stdout.flush()


def _down(layout: Layout, screen: Screen) -> int:
    ended = kept.end(layout)
    screen.line("The demonstration is ended." if ended else "No demonstration is running.")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    """Ignore further Ctrl-C, which would interrupt the clean-up; it takes seconds at most."""
    for number in STOPPING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
