"""What the check is made of: stories, each with a machine of its own, told in steps. A step that fails ends its story;
the steps behind it count as failed, because nobody saw them."""

import subprocess
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

from process import Failed


@dataclass
class Stage:
    """What all stories share."""

    image: Path      # The folder that ./dev image filled.
    programs: Path   # Simulators and the administrator's command, built for this host.
    folder: Path     # For disks and logs of this run.
    seed: int        # Of all that is random.
    debs: Path = None  # The packages of the image, for the upgrade.
    identities: dict = field(default_factory=dict)  # {machine: {what: value}} seen so far
    figures: list = field(default_factory=list)     # (what, seconds) for the last page

    @property
    def disk(self):
        return self.image / "linebridge.qcow2"

    def figure(self, what, seconds):
        self.figures.append((what, seconds))
        say(f"          {what}: {seconds:.0f} s")


class Story:
    """Steps are the methods named in `steps`, in this order; `told` is the line for people."""

    name = ""
    told = ""
    steps = ()

    def __init__(self, stage):
        self.stage = stage

    def begin(self):
        """Before the first step."""

    def end(self):
        """After the last or the one that failed; must not fail."""

    def tails(self):
        """The last words of whoever took part."""
        return ""


@dataclass
class Score:
    passed: int = 0
    failed: int = 0


def say(text):
    print(text, flush=True)


def _run_step(story, step):
    """The seconds it took, or nothing if it failed."""
    began = time.monotonic()
    try:
        getattr(story, step)()
    except (Failed, OSError, LookupError, ValueError, subprocess.SubprocessError, pexpect.ExceptionPexpect) as problem:
        say(f"  FAILED  {step.replace('_', ' ')} ({time.monotonic() - began:.0f} s): {problem or 'see below'}")
        if not isinstance(problem, Failed):
            traceback.print_exc(file=sys.stdout)
        say(story.tails())
        return None
    seconds = time.monotonic() - began
    say(f"  passed  {step.replace('_', ' ')} ({seconds:.0f} s)")
    return seconds


def tell(story, score):
    """Plays a story and adds to the score."""
    began = time.monotonic()
    say(f"{story.name}: {story.told}")
    seen = 0
    try:
        for step in ("begin", *story.steps):
            if _run_step(story, step) is None:
                break
            seen += step != "begin"
    finally:
        story.end()
    score.passed += seen
    score.failed += len(story.steps) - seen
    for step in story.steps[seen + 1:]:
        say(f"  unseen  {step.replace('_', ' ')}")
    say(f"  {story.name}: {time.monotonic() - began:.0f} s")
