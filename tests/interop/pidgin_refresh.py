"""What pidgin-sipe 1.25 does by itself while it is signed in: it refreshes its session; and what it does when the node
that has its session is killed.

It notices nothing then, for nobody tells it. Its next call is refused: the other node has no such dialog and answers 481.
It shows that the call failed and stays as it is: no new INVITE, and it offers calls as before, each of which fails. When
the session is due for a refresh, 60 seconds before its end, it sends that in the dead dialog, gets 481 again, and after
that refreshes no more. So it never comes back by itself: its user signs out and in again, and calls work from then on.
(Communicator sends a new INVITE after a 481; this client does not.)
"""

from process import Failed, wait_until
from signed_in import expect

LATEST = 60  # seconds within which a refresh that is due after 30 must be seen


def invites(signed_in):
    """The INVITEs that the client sent, and their answers."""
    messages = [message for message in signed_in.client.messages() if message.method == "INVITE"]
    return [each for each in messages if not each.incoming], [each for each in messages if each.incoming]


def is_in_dialog(request):
    return ";tag=" in request.headers["to"]


def check_refresh(site, signed_in):
    """The same session, dialog and monitor go on, and calls work."""
    expect(signed_in.client.state("GATEWAY", LATEST), "normal", "systemStatus at the refresh")
    sent, answers = (messages[:2] for messages in invites(signed_in))  # on a slow machine the next one is there, too
    expect([is_in_dialog(request) for request in sent], [False, True], "INVITEs of the client that are in a dialog")
    expect([(answer.start, answer.element) for answer in answers],
           [("SIP/2.0 200 OK", "RequestSystemStatusResponse")] * 2, "answers to the INVITEs")
    for name in ("call-id", "from"):
        expect(sent[1].headers[name], sent[0].headers[name], f"{name} of the refresh")
    expect(sent[1].headers["to"], answers[0].headers["to"], "To of the refresh")
    expect(sent[1].element, "RequestSystemStatus", "body of the refresh")
    expect([answer.headers["session-expires"] for answer in answers], ["90;refresher=uac"] * 2, "Session-Expires")

    texts = [line["text"] for line in signed_in.trace()]
    if texts.count("200 OK (INVITE)") < 2:
        raise Failed("the node's trace has no answer to the refresh:\n" + "\n".join(texts))
    expect(texts.count("INFO MonitorStart"), 1, "MonitorStarts in the node's trace")
    found = signed_in.sessions()
    expect([(role, session["id"], session["monitor"]) for role, session in found],
           [(signed_in.role, signed_in.session, signed_in.monitor)], "the session after the refresh")
    session = found[0][1]
    if not session["refreshed_seconds"] < session["age_seconds"]:
        raise Failed(f"the node does not say that the session was refreshed: {session}")
    signed_in.call("tel:+15551234", hang_up_at_far_end=False)
    signed_in.sign_out()
    site.say(f"refreshed after {session['age_seconds'] - session['refreshed_seconds']} s, then called")


def kill_node(signed_in):
    """Two calls went before; the next one fails. Gives how many messages went before."""
    before = len(signed_in.client.messages())
    signed_in.picture.kill("gateway-" + signed_in.role)
    _refused_call(signed_in)
    return before


def check_node_killed(site, signed_in, before):
    """The client behaves as the text above says. `before` messages went before its node was killed."""
    expect(signed_in.client.state("REFUSED", LATEST), "GATEWAY", "what fails at the refresh")
    _refused_call(signed_in)

    after = [each for each in signed_in.client.messages()[before:] if each.method in ("INFO", "INVITE", "ACK")]
    said = [(message.method, is_in_dialog(message)) for message in after if not message.incoming]
    expect(said, [("INFO", True), ("INVITE", True), ("ACK", True), ("INFO", True)], "requests of the client")
    survivor = next(role for role in ("publisher", "subscriber") if role != signed_in.role)
    answers = [message for message in after if message.incoming]
    expect([answer.start[:12] for answer in answers], ["SIP/2.0 481 "] * 3, "answers to them")
    expect({answer.headers["ms-diagnostics"].rpartition("source=")[2] for answer in answers}, {f'"{survivor}"'},
           "who answers 481")
    expect(signed_in.sessions(), [], "sessions that the other node has made up")

    signed_in.leave()
    again = site.client(signed_in.person)
    expect(again.role, survivor, "node after signing out and in")
    again.call("tel:+15551234", hang_up_at_far_end=True)
    again.sign_out()
    site.say(f"{signed_in.role} killed: calls refused until {signed_in.person.name} signed out and in, then on the {survivor}")


def _refused_call(signed_in):
    """The client asks for a call, is refused, and offers calls again."""
    signed_in.client.call("tel:+15551234")
    expect(signed_in.client.state("REFUSED"), "CALL", "what fails")
    wait_until(lambda: signed_in.cluster.ask("calls") == [], 10, "no call in the cluster", signed_in.picture.processes)
