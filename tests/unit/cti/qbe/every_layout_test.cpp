#include <gtest/gtest.h>

#include "cti/qbe/messages.hpp"
#include "every_field.hpp"

/// Every layout of the tables, with all its fields, shorter and longer than we know it.
namespace linebridge::cti::qbe {
namespace {

constexpr std::uint32_t versions[] = {0x00100000, 0x00110000};

/// What a field says that did not come.
std::string absent(const Field& field) {
  switch (field.type) {
    case Type::number: return "0";
    case Type::flag: return "no";
    case Type::handle: return "0|0";
    case Type::text:
    case Type::bytes:
    case Type::unicode: return "";
    case Type::element: {
      std::vector<std::string> inner;
      for (const auto& each : field.inner->fields)
        inner.push_back(absent(each));
      return every::joined(inner);
    }
    default: return "()";
  }
}

/// `all`, but from field `from` on nothing came.
std::vector<std::string> cut(std::vector<std::string> all, const Layout& layout, std::size_t from) {
  for (std::size_t i = from; i < all.size(); ++i)
    all[i] = absent(layout.fields[i]);
  return all;
}

TEST(QbeEveryLayout, IsReadAsItWasWrittenInBothVersions) {
  for (const Layout* const layout : messages::all()) {
    SCOPED_TRACE(layout->name);
    std::vector<std::string> frames;
    for (const auto version : versions) {
      const std::string frame = every::written(*layout, dialect(version));
      const auto fields = every::read_frame(frame, *layout);
      ASSERT_EQ(fields.size(), layout->fields.size());
      for (std::size_t i = 0; i < fields.size(); ++i)
        EXPECT_NE(fields[i], absent(layout->fields[i])) << layout->fields[i].name;
      EXPECT_EQ(frame_of(frame).version, version);
      frames.push_back(frame.substr(0, header::version) + frame.substr(header::id));
    }
    EXPECT_EQ(frames[0], frames[1]) << "only the word of the version differs";
  }
}

TEST(QbeEveryLayout, CutAtAnySlotReadsAsBeforeAndTheRestAsDefaults) {
  for (const Layout* const layout : messages::all()) {
    const auto all = every::read_frame(every::written(*layout, dialect(0x00110000)), *layout);
    for (std::uint32_t fields = 0; fields < layout->fields.size(); ++fields) {
      const Shorter shorter[] = {{layout->name, fields}};
      const std::string frame = every::written(*layout, {0x00100000, shorter});
      EXPECT_EQ(frame_of(frame).fixed_size, layout->at(fields).offset);
      EXPECT_EQ(every::read_frame(frame, *layout), cut(all, *layout, fields))
          << layout->name << " before " << layout->fields[fields].name;
    }
  }
}

TEST(QbeEveryLayout, CutInsideASlotReadsAsCutBeforeIt) {
  for (const Layout* const layout : messages::all()) {
    const std::string whole = every::written(*layout, dialect(0x00110000));
    const auto all = every::read_frame(whole, *layout);
    for (std::uint32_t size = 0; size < layout->size; ++size) {
      std::string frame = whole;
      store32(frame, header::fixed_size, size);
      store32(frame, header::var_size, static_cast<std::uint32_t>(frame.size()) - header::bytes - size);
      std::size_t fields = 0;
      while (layout->at(static_cast<std::uint32_t>(fields)).offset + slot_size(layout->fields[fields].type) <=
             size)
        ++fields;
      EXPECT_EQ(every::read_frame(frame, *layout), cut(all, *layout, fields)) << layout->name << " at " << size;
    }
  }
}

TEST(QbeEveryLayout, LongerThanWeKnowItReadsAsBefore) {
  for (const Layout* const layout : messages::all()) {
    SCOPED_TRACE(layout->name);
    every::Made made;
    const Layout& grown = made.grown(*layout);
    const std::string frame = every::written(grown, dialect(0x00120000));
    const auto view = View::open(frame_of(frame), *layout);
    ASSERT_TRUE(view);
    // What a later sender says in the fields we know, each element without its last three.
    const auto theirs = View::open(frame_of(frame), grown);
    ASSERT_TRUE(theirs);
    for (std::uint32_t i = 0; i < layout->fields.size(); ++i)
      if (layout->fields[i].inner == nullptr) {
        EXPECT_EQ(every::read_one(view.value(), layout->at(i)), every::read_one(theirs.value(), grown.at(i)));
      }
  }
}

TEST(QbeEveryElement, CutAtAnySlotReadsAsBeforeAloneAndInARow) {
  for (const Layout* const element : elements::all) {
    every::Made made;
    const Layout& message = made.around(*element);
    for (std::uint32_t fields = 1; fields <= element->fields.size(); ++fields) {
      SCOPED_TRACE(std::string(element->name) + " with " + std::to_string(fields) + " fields");
      const Shorter shorter[] = {{element->name, fields}};
      const std::string frame = every::written(message, {0x00100000, shorter});
      const View view = View::open(frame_of(frame), message).value();
      const auto check = [&](const View& part) {
        const auto read = every::read(part, *element);
        for (std::size_t i = 0; i < read.size(); ++i)
          EXPECT_EQ(read[i] == absent(element->fields[i]), i >= fields) << element->fields[i].name;
      };
      check(view.element(message.at(0)));
      ASSERT_EQ(view.elements(message.at(1)).size(), 2u);
      check(view.elements(message.at(1))[0]);
      check(view.elements(message.at(1))[1]);
      EXPECT_NE(view.number(message.at(2)), 0u);
    }
  }
}

TEST(QbeEveryElement, LongerThanWeKnowItReadsAsBeforeAloneAndInARow) {
  for (const Layout* const element : elements::all) {
    SCOPED_TRACE(element->name);
    every::Made made;
    const Layout& message = made.around(*element);
    const Layout& longer = made.around(made.grown(*element));
    const std::string frame = every::written(longer, dialect(0x00120000));
    const View ours = View::open(frame_of(frame), message).value();
    const View theirs = View::open(frame_of(frame), longer).value();
    EXPECT_EQ(ours.number(message.at(2)), theirs.number(longer.at(2)));
    const auto known = [&](const View& a, const View& b) {
      for (std::uint32_t i = 0; i < element->fields.size(); ++i)
        if (element->fields[i].inner == nullptr) {
          EXPECT_EQ(every::read_one(a, element->at(i)), every::read_one(b, element->at(i)));
        }
    };
    known(ours.element(message.at(0)), theirs.element(longer.at(0)));
    ASSERT_EQ(ours.elements(message.at(1)).size(), 2u);
    for (std::size_t i = 0; i < 2; ++i)
      known(ours.elements(message.at(1))[i], theirs.elements(longer.at(1))[i]);
  }
}

TEST(QbeEveryLayout, ALaterReleaseAppendsAnArrayToOneEventAndItReadsAsBefore) {
  constexpr const Layout& event = messages::call_attribute_info_event;
  std::vector<Field> fields(event.fields.begin(), event.fields.end());
  fields.push_back({"later", Type::handles, nullptr, event.size});
  const Layout later{event.name, event.id, fields, size_of(fields)};
  const auto before = every::read_frame(every::written(event, dialect(0x00100000)), event);
  const std::string frame = every::written(later, dialect(0x00110000));
  EXPECT_EQ(frame_of(frame).fixed_size, event.size + 16);
  EXPECT_EQ(every::read_frame(frame, event), before);
}

}  // namespace
}  // namespace linebridge::cti::qbe
