"""The scripted day: starts the picture, plays the steps, draws what passed."""

import sys
import time
from pathlib import Path

from day import Day, StepFailed
from ladder import Ladder
from picture import Failed


def _play(picture, sabotage, page, save, day):
    """Value: what went wrong in words, empty if nothing did."""
    ladder = Ladder(picture, picture.users())
    told = []

    def tell(name, seconds):
        print("  " + page.paint("good", "✓") + f" {name:<20}" + page.paint("dim", f"{seconds:5.1f} s"))
        for text in told:
            print("      " + page.paint("dim", text), flush=True)
        told.clear()

    page.title("The day")
    wrong = ""
    try:
        day(picture, ladder, sabotage, told.append).run(tell)
    except StepFailed as problem:
        print("  " + page.paint("bad", "✗") + f" {problem.step}")
        for text in told:
            print("      " + page.paint("dim", text))
        wrong = f"step '{problem.step}' failed: {problem}"
    path = Path(save) if save else picture.directory / "ladder.json"
    ladder.finish(path)
    page.title("What passed")
    sys.stdout.flush()
    ladder.draw()
    return wrong


def demonstrate(picture, sabotage, page, save=None, day=Day):
    """Value: the exit code."""
    began = time.monotonic()
    wrong = ""
    try:
        picture.start()
        print(page.paint("dim", f"  everything is up after {time.monotonic() - began:.1f} s"))
        wrong = _play(picture, sabotage, page, save, day)
    except KeyboardInterrupt:
        wrong = "interrupted"
    except Failed as problem:
        wrong = f"step 'start' failed: {problem}\n{picture.tails()}"
    finally:
        sabotage.end(picture)
        complaints = picture.stop()
    print()
    for text in [wrong, *complaints] if wrong else complaints:
        print(page.paint("bad", "FAILED: ") + text)
    if not wrong and not complaints:
        print("  " + page.paint("good", "Every step was seen") + f", {time.monotonic() - began:.0f} s.")
    return 1 if wrong or complaints else 0
