#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linebridge::cti::qbe {

/// What one field of a frame says, as a value that can be shown in any form.
struct Said {
  enum class Kind {
    nothing,  ///< Null: a field without data.
    number,   ///< `number`, and in `text` what it means if that is known.
    flag,     ///< `number`.
    handle,   ///< `number` is the node, `second` the thing on it; two neighbouring fields are one handle too.
    text,     ///< `text`, UTF-8; bytes of 8-bit text that are no ASCII as \xNN.
    bytes,    ///< `text` begins with the first of `number` raw bytes: at most most_bytes_shown.
    secret,   ///< `number` bytes that are not shown: passwords, keys, tickets, authorization codes.
    element,  ///< Fields in `parts`.
    list,     ///< Items in `parts`, without names.
  };
  static constexpr std::size_t most_bytes_shown = 48;

  std::string name;
  Kind kind = Kind::nothing;
  std::uint32_t number = 0, second = 0;
  std::string text;
  std::vector<Said> parts;
};

/// A frame as far as it can be read, and all in it that is not as the tables say.
struct Description {
  std::uint32_t id = 0;
  std::string name;  ///< "NewCallEvent"; empty if the id is not assigned.
  std::uint32_t version = 0;
  std::uint32_t size = 0, fixed_size = 0, variable_size = 0;  ///< In bytes, as the header says.
  bool has_seq = false;  ///< A request, a response, or an event that repeats a request's number.
  std::uint32_t seq = 0;
  bool known_fields = false;  ///< The tables lay this message out.
  std::vector<Said> fields;
  std::vector<std::string> mismatches;
  std::vector<std::string> notes;  ///< Worth to know, but as expected.
};

enum class Part { request, response, event };
/// What a message's name says that it is. FailureResponse is a response, Heartbeat an event.
Part part_of(std::string_view name);

/// Reads a frame of at least a header. Nothing in it is trusted: what cannot be read is a mismatch and the rest
/// is read on. Work is linear in the frame's size, whatever overlaps in it.
Description describe(std::string_view frame);

}  // namespace linebridge::cti::qbe
