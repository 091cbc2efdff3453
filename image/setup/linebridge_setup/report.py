"""What the command writes: lines for people, or JSON."""

import json
import sys

from .difference import without_hash


def refused(words, as_json):
    if as_json:
        print(json.dumps({"ok": False, "refused": words}))
    else:
        print(f"linebridge-setup: {words}", file=sys.stderr)


def done(words, as_json):
    print(json.dumps({"ok": True, "words": words}) if as_json else words)


def problems(found, as_json):
    if as_json:
        print(json.dumps({"problems": [one._asdict() for one in found]}))
    else:
        print("\n".join(one.words() for one in found) if found else "no problems")


def outcome(found, seconds_left, as_json):
    """Of an apply or a roll-back."""
    if as_json:
        print(json.dumps({"ok": found.ok, "changed": found.changed, "needs_confirmation": found.needs_confirmation,
                          "seconds_left": seconds_left, "findings": [one._asdict() for one in found.findings],
                          "problems": [one._asdict() for one in found.problems]}))
        return
    for problem in found.problems:
        print(problem.words())
    for finding in found.findings:
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.words}")
    if found.ok:
        print("Done." if found.changed else "Nothing to change.")
    if found.needs_confirmation:
        print(f"The network changed. Run \"linebridge-setup confirm\" within {seconds_left} seconds, or it is taken back.")


def fields(pages, as_json):
    if as_json:
        print(json.dumps({"pages": [{"title": page.title, "text": page.text,
                                     "fields": [field._asdict() for field in page.fields]} for page in pages]}))
        return
    for page in pages:
        print(f"{page.title}: {page.text}")
        for field in page.fields:
            print(f"  {field.document} {field.key} ({field.kind}): {field.title}\n      {field.explanation}")
            for value, meaning in field.choices:
                print(f"      \"{value}\": {meaning}")
            if field.example:
                print(f"      Example: {field.example}")
        print()


def show(engine, as_json):
    candidate, changed = engine.candidate(), engine.changed_by_hand()
    site, appliance = candidate.site_text(), without_hash(candidate.appliance_text())
    left = engine.pending()
    if as_json:
        print(json.dumps({"set_up": engine.is_set_up(), "generation": engine.store.current(), "changed_by_hand": changed,
                          "seconds_left": left, "site": site, "appliance": appliance,
                          "secrets": sorted(candidate.secrets)}))
        return
    if not engine.is_set_up():
        print("# This machine is not set up. These are the defaults.")
    for name in changed:
        print(f"# Changed by hand since the last apply: {name}")
    if left is not None:
        print(f"# A change of the network waits for its confirmation: {left} seconds left")
    print(f"\n# ===== linebridge.toml\n{site}\n# ===== appliance.toml\n{appliance}")
    print(f"# ===== secrets: {', '.join(sorted(candidate.secrets)) or 'none'}")
