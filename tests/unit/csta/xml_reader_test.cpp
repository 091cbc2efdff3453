#include "csta/xml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::csta {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

Error refused(std::string_view body) {
  XmlReader reader;
  const auto document = reader.read(body);
  EXPECT_FALSE(document) << body.substr(0, 200);
  return document ? Error{} : document.error();
}

TEST(XmlReader, ResolvesPrefixesAndKeepsNestingAndText) {
  XmlReader reader;
  const auto read = reader.read("<p:a xmlns:p='urn:x'><b xmlns='urn:y'> one </b><p:c><d>two</d></p:c></p:a>");
  ASSERT_TRUE(read) << read.error().detail;
  const auto& document = read.value();

  EXPECT_EQ(document.root().name, "a");
  EXPECT_EQ(document.root().space, "urn:x");
  EXPECT_EQ(document.path({"b"})->space, "urn:y");
  EXPECT_EQ(document.path({"b"})->text, " one ");
  EXPECT_EQ(document.text({"b"}), "one");
  EXPECT_EQ(document.text({"c", "d"}), "two");
  EXPECT_EQ(document.path({"c", "d"})->space, "");
  EXPECT_EQ(document.path({"d"}), nullptr) << "a grandchild is no child";
  EXPECT_EQ(document.path({"b", "d"}), nullptr);
  EXPECT_EQ(document.text({"nothing"}), "");
}

TEST(XmlReader, JoinsTextAroundCommentsSectionsAndReferences) {
  XmlReader reader;
  const auto read = reader.read("<a><b>1<!-- x -->2<![CDATA[<3>]]>&amp;&#52;<c>no</c>5</b></a>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value().text({"b"}), "12<3>&45");
}

TEST(XmlReader, TakesADeclarationAndAByteOrderMarkOfUtf8) {
  XmlReader reader;
  EXPECT_TRUE(reader.read("<?xml version=\"1.0\"?><a/>"));
  EXPECT_TRUE(reader.read("<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n<a/>\r\n"));
  EXPECT_TRUE(reader.read("\xEF\xBB\xBF<a>\xC3\xA9</a>"));
}

TEST(XmlReader, ReadsOnAfterABodyItRefused) {
  XmlReader reader;
  EXPECT_FALSE(reader.read("<a><b><c>"));
  EXPECT_FALSE(reader.read("<!DOCTYPE a><a/>"));
  const auto read = reader.read("<a><b>1</b></a>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value().text({"b"}), "1");
}

TEST(XmlReader, ForgetsTheBodyBefore) {
  XmlReader reader;
  EXPECT_TRUE(reader.read("<a><b>1</b><c>2</c></a>"));
  const auto read = reader.read("<a><b/></a>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value().text({"b"}), "");
  EXPECT_EQ(read.value().path({"c"}), nullptr);
}

TEST(XmlReader, RefusesWhatIsNotXmlAndSaysWhere) {
  for (const auto* body : {"", "  ", "hello", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a>&nbsp;</a>",
                           "<p:a/>", "<a>\x01</a>", "{\"a\":1}"})
    EXPECT_EQ(refused(body).code, Errc::malformed) << body;
  EXPECT_THAT(refused("<a>\n <b></c>\n</a>").detail, HasSubstr("mismatched tag at line 2"));
}

TEST(XmlReader, RefusesDocumentTypesBeforeTheyDoAnything) {
  const auto laughs =
      "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'lol'>" +
      repeated("<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>", 1) +
      "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]><lolz>&d;</lolz>";
  const std::string external = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>";
  const std::string parameter = "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://192.0.2.1/x.dtd'> %x;]><a/>";
  for (const auto& body : {laughs, external, parameter, std::string("<!DOCTYPE a SYSTEM 'x.dtd'><a/>")}) {
    const auto error = refused(body);
    EXPECT_EQ(error.code, Errc::unsupported);
    EXPECT_EQ(error.detail, "a document type declaration");
  }
}

TEST(XmlReader, RefusesProcessingInstructions) {
  EXPECT_EQ(refused("<?php x ?><a/>").detail, "a processing instruction");
  EXPECT_EQ(refused("<a><?x y?></a>").code, Errc::unsupported);
}

TEST(XmlReader, RefusesOtherEncodings) {
  const std::string utf16_le("\xFF\xFE<\0a\0/\0>\0", 10);
  const std::string utf16_be("\xFE\xFF\0<\0a\0/\0>", 10);
  EXPECT_EQ(refused(utf16_le).detail, "UTF-16");
  EXPECT_EQ(refused(utf16_be).detail, "UTF-16");
  EXPECT_EQ(refused(utf16_le.substr(2)).detail, "a NUL byte");
  EXPECT_EQ(refused("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>").detail,
            "encoding \"ISO-8859-1\"");
  EXPECT_EQ(refused("<?xml version='1.0' encoding='UTF-16'?><a/>").code, Errc::unsupported);
  EXPECT_THAT(refused("<a>\xE9</a>").detail, HasSubstr("invalid token"));
}

TEST(XmlReader, RefusesNulBytes) {
  EXPECT_EQ(refused(std::string_view("<a>\0</a>", 8)).detail, "a NUL byte");
  EXPECT_EQ(refused(std::string_view("<a/>\0", 5)).detail, "a NUL byte");
}

TEST(XmlReader, RefusesDeepNesting) {
  XmlReader reader;
  EXPECT_TRUE(reader.read(repeated("<a>", 32) + repeated("</a>", 32)));
  EXPECT_EQ(refused(repeated("<a>", 33) + repeated("</a>", 33)).detail, "elements nested too deep");
  EXPECT_EQ(refused(repeated("<a>", 10'000)).code, Errc::too_long);
}

TEST(XmlReader, RefusesManyAttributesAndNamespaces) {
  const auto with = [](int many, std::string_view prefix) {
    std::string tag = "<a";
    for (int i = 0; i < many; ++i)
      tag += " " + std::string(prefix) + "b" + std::to_string(i) + "='u'";
    return tag + "/>";
  };
  XmlReader reader;
  EXPECT_TRUE(reader.read(with(64, "")));
  EXPECT_TRUE(reader.read(with(64, "xmlns:")));
  EXPECT_EQ(refused(with(65, "")).detail, "an element with too many attributes");
  EXPECT_EQ(refused(with(65, "xmlns:")).detail, "an element with too many attributes");
  EXPECT_EQ(refused("<x>" + with(5'000, "") + "</x>").code, Errc::too_long);
  EXPECT_EQ(refused("<x>" + with(10'000, "") + "</x>").code, Errc::too_long);
}

TEST(XmlReader, RefusesManyElements) {
  EXPECT_EQ(refused("<x>" + repeated("<a/>", 10'000) + "</x>").detail, "too many elements");
}

TEST(XmlReader, RefusesMuchTextInOnePieceOrInMany) {
  EXPECT_EQ(refused("<x>" + std::string(60'000, 't') + "</x>").detail, "too much text");
  EXPECT_EQ(refused("<x>" + repeated("<a>" + std::string(100, 't') + "</a>", 200) + "</x>").detail,
            "too much text");
  EXPECT_EQ(refused("<x>" + std::string(65'536, 't') + "</x>").detail, "a body over the limit");
}

}  // namespace
}  // namespace linebridge::csta
