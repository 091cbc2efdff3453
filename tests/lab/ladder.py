"""What passed, as `linebridge trace` puts it together while it passes: kept for looking at, and drawn at the end."""

import json

from process import Failed, wait_until


class Ladder:
    """Follows some users from its beginning to finish()."""

    def __init__(self, scene, users):
        self.scene = scene
        self.process = scene.follow(users)
        wait_until(lambda: self.process.lines, self.within(10), "the first words of linebridge trace", [self.process])

    def within(self, seconds):
        return seconds * self.scene.patience

    def remark(self, text):
        """A line between the others."""
        self.scene.remark(text)

    def catch_up(self, since, remark):
        """Until a remark stands in it, and so all that passed before."""
        wait_until(lambda: any(step["text"] == remark for step in self.steps(since)), self.within(10),
                   "the ladder to be drawn so far", [self.process])

    def mark(self):
        """Where it is now: what comes later is behind."""
        return len(self.process.lines)

    def steps(self, since=0):
        return [json.loads(line) for line in self.process.lines[since:]]

    def expect(self, since, user, text, limit=5, **members):
        """The first step behind `since` of this user whose text begins so, and whose members are these."""
        def look():
            for step in self.steps(since):
                of_user = step["user"].split("@")[0] == user
                if of_user and step["text"].startswith(text) and all(step[key] == value for key, value in members.items()):
                    return step
            return None

        try:
            return wait_until(look, self.within(limit), "a step", [self.process])
        except Failed:
            seen = [step["text"] for step in self.steps(since) if step["user"].split("@")[0] == user]
            wanted = " ".join([f"'{text}'", *(f"{key} {value}" for key, value in members.items())])
            raise Failed(f"in the ladder of {user}: expected {wanted}, seen {', '.join(seen) or 'nothing'}") from None

    def finish(self, path):
        """Ends it with what is known by now, and writes its steps to a file, in the order of time: what a phone traced
        may have come late."""
        self.process.stop()
        self.process.lines.sort(key=lambda line: json.loads(line)["at_us"])
        path.write_text("".join(line + "\n" for line in self.process.lines))

    def draw(self):
        """On our own standard output, as wide as that is."""
        self.scene.draw(self.process.lines)
