"""Documents keep what people wrote in them."""

import tomllib
import unittest

from linebridge_setup import candidate
from linebridge_setup.candidate import Candidate
from linebridge_setup.documents import Document
from linebridge_setup.problem import Refused
from machine import APPLIANCE, SITE, SOURCES, field

TEXT = """\
# a site
[sip]  # here
# Names of ours:
names = ["a.test"]  # two soon
#server_type = "ocs"

[cti] # links
user = "x"

[[user]]
address = "sip:a@b"
"""


def example():
    with open(f"{SOURCES}/configs/linebridge.toml", encoding="utf-8") as file:
        return file.read()


class Documents(unittest.TestCase):
    def test_a_value_is_replaced_where_it_stands(self):
        changed = Document(TEXT).set("sip.names", ["a.test", "b.test"]).text
        self.assertEqual(changed, TEXT.replace('["a.test"]', '["a.test", "b.test"]'))

    def test_a_new_key_goes_below_the_comment_that_shows_it(self):
        changed = Document(TEXT).set("sip.server_type", "lcs").text
        self.assertEqual(changed, TEXT.replace('#server_type = "ocs"\n', '#server_type = "ocs"\nserver_type = "lcs"\n'))

    def test_a_key_that_is_shown_nowhere_begins_its_section(self):
        self.assertIn("[cti] # links\nheartbeat = \"9s\"\nuser", Document(TEXT).set("cti.heartbeat", "9s").text)

    def test_a_new_section_goes_before_the_users(self):
        changed = Document(TEXT).set("ocs.tcp", ["o.test"])
        self.assertEqual(changed.get("ocs.tcp"), ["o.test"])
        self.assertLess(changed.text.index("[ocs]"), changed.text.index("[[user]]"))

    def test_a_key_can_be_taken_out(self):
        self.assertIsNone(Document(TEXT).set("cti.user", None).get("cti.user"))
        self.assertEqual(Document(TEXT).set("cti.none", None).text, TEXT)

    def test_every_key_of_the_example_can_be_set_and_the_comments_stay(self):
        document = Document(example())
        comments = [line for line in example().splitlines() if line.startswith("#")]
        for key, value in (("sip.server_type", "lcs"), ("front.tls_listen", "0.0.0.0:5061"), ("ocs.tcp", ["a.test"]),
                           ("node.publisher.metrics", "127.0.0.1:1"), ("cti.managers", ["c"]), ("tls.key", "tls.key")):
            document = document.set(key, value)
            self.assertIsNone(document.fault, key)
            self.assertEqual(document.get(key), value)
        self.assertEqual([line for line in document.text.splitlines() if line.startswith("#")], comments)

    def test_lines_of_keys_and_sections_are_found(self):
        document = Document(TEXT)
        self.assertEqual([document.line_of(key) for key in ("sip.names", "cti.user", "cti.none", "ocs.tcp")], [4, 8, 7, 0])

    def test_what_is_no_toml_says_where_and_is_not_changed(self):
        document = Document("[sip]\nnames = [\n")
        self.assertEqual(document.values, {})
        self.assertGreaterEqual(document.fault[0], 2)
        for change in (lambda: document.set("sip.names", []), lambda: document.set_tables("user", [])):
            with self.assertRaisesRegex(Refused, "no TOML"):
                change()

    def test_users_are_replaced_and_those_that_stay_keep_their_comments(self):
        text = TEXT + 'assigned = true # since May\n\n[[user]]\naddress = "sip:c@d"\n'
        users = [{"address": "sip:a@b", "assigned": False, "devices": ["SEP1"]}, {"address": "sip:new@b", "assigned": True}]
        changed = Document(text).set_tables("user", users)
        self.assertEqual(changed.values["user"], users)
        self.assertIn("# since May", changed.text)
        self.assertEqual(Document(text).set_tables("user", []).get("user"), None)
        self.assertEqual(Document(text).set_tables("user", []).set_tables("user", users).values["user"], users)

    def test_strange_texts_survive_being_written(self):
        for value in ('a"b', "a\\b", "ä€𝄞", "a#b", "a = [b]", "tab\there", "'''"):
            for document in (Document(TEXT), Document(APPLIANCE)):
                self.assertEqual(document.set("sip.text", value).set("sip.text2", [value]).get("sip.text"), value)


class Candidates(unittest.TestCase):
    def test_the_defaults_are_the_commented_example_without_its_values(self):
        text = candidate.default_site(example())
        values = tomllib.loads(text)
        self.assertEqual((values["sip"]["names"], values["sip"]["incoming"], values["cti"]["managers"]), ([], [], []))
        self.assertEqual(values["cti"]["password_file"], "cti.password")
        self.assertNotIn("user", values)
        self.assertIn("# The incoming list", text)

    def test_without_an_example_there_are_the_keys_that_must_be(self):
        for text in (None, "", "no toml ["):
            self.assertEqual(set(tomllib.loads(candidate.default_site(text))), {"sip", "cti"})

    def test_a_password_in_plain_is_never_part_of_the_document(self):
        text = APPLIANCE.replace("[access]", "[access]\n").replace('name = "admin"', 'name = "admin"\npassword = "pl41n text!"')
        made = Candidate(SITE, text)
        self.assertEqual(made.password, "pl41n text!")
        self.assertNotIn("pl41n", made.appliance_text())

    def test_fields_give_texts_lists_and_bools(self):
        made = Candidate(SITE, APPLIANCE, {"cti.password": b"one\n"})
        for document, key, value in (("site", "sip.names", ["gw.example.test"]), ("appliance", "access.ssh", False),
                                     ("appliance", "host.name", "lb1.example.test"), ("secrets", "cti.password", "one"),
                                     ("appliance", "administrator.password", ""), ("site", "ocs.tcp", []),
                                     ("site", "front.tls_listen", "")):
            self.assertEqual(made.get(field(document, key)), value, key)
        self.assertTrue(made.has_secret(field("appliance", "administrator.password")))

    def test_what_is_set_is_given_back(self):
        made = Candidate(SITE, APPLIANCE)
        for document, key, value in (("site", "sip.names", ["b"]), ("appliance", "access.ssh", True), ("site", "ocs.tcp", []),
                                     ("appliance", "network.dns", []), ("secrets", "cti.password", "two"),
                                     ("appliance", "administrator.password", "new one here"), ("site", "sip.server_type", "lcs"),
                                     ("site", "front.tls_listen", "0.0.0.0:5061"), ("site", "front.tls_listen", "")):
            made.set(field(document, key), value)
            self.assertEqual(made.get(field(document, key)), value, key)
        self.assertEqual(made.secrets["cti.password"], b"two\n")
        self.assertNotIn("tls_listen", made.site_text())

    def test_users_come_as_tables(self):
        made = Candidate(SITE, APPLIANCE)
        self.assertEqual(made.users, [{"address": "sip:alice@example.test", "assigned": True}])
        made.set_users([*made.users, {"address": "sip:bob@example.test", "assigned": False, "devices": ["SEP1", "SEP2"]}])
        self.assertEqual(made.users[1]["devices"], ["SEP1", "SEP2"])
        self.assertIn("# ours", made.site_text())
