#!/usr/bin/env python3
"""Boots the appliance that ./dev image built, in QEMU, and looks at it from inside and outside."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from stories import Score, Stage, say, tell  # noqa: E402
from story_console import Console  # noqa: E402
from story_power import Power  # noqa: E402
from story_stick import Stick  # noqa: E402
from story_unattended import Unattended  # noqa: E402

STORIES = {story.name: story for story in (Console, Unattended, Power, Stick)}
ROOT = Path(__file__).resolve().parents[2]


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="./dev image --check", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Cases:\n" + "".join(f"  {name:<12} {story.told}\n" for name, story in STORIES.items()))
    parser.add_argument("--only", metavar="CASE", choices=tuple(STORIES), action="append", help="this case alone; may be repeated")
    parser.add_argument("--seed", type=int, metavar="NUMBER", help="of all that is random; the last run printed its own")
    parser.add_argument("--image", type=Path, default=ROOT / "build/image/product", metavar="DIR", help="where the image is")
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin", metavar="DIR", help="where the programs are")
    parser.add_argument("--debs", type=Path, default=ROOT / "build/debs/trixie", metavar="DIR", help="where the packages are")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the logs of the serial lines there")
    return parser.parse_args()


def run(arguments, folder):
    stage = Stage(arguments.image, arguments.bin, folder, arguments.seed or random.randrange(1_000_000), arguments.debs)
    if not stage.disk.exists():
        say(f"{stage.disk} is not there: ./dev image builds it")
        return 1
    say(f"seed {stage.seed} (--seed {stage.seed} does the same again)")
    began, score = time.monotonic(), Score()
    for name in arguments.only or STORIES:
        tell(STORIES[name](stage), score)
    say("")
    for what, seconds in stage.figures:
        say(f"{seconds:6.0f} s  {what}")
    say(f"{score.passed} passed, {score.failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if score.failed else 0


def main():
    arguments = read_arguments()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        return run(arguments, arguments.keep)
    with tempfile.TemporaryDirectory(prefix="linebridge.") as folder:
        return run(arguments, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
