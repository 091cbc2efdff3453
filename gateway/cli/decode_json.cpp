#include "admin/json.hpp"
#include "base/text.hpp"
#include "cli/decode_report.hpp"
#include "cli/time_text.hpp"
#include "cti/qbe/codes.hpp"

namespace linebridge::cli {
namespace {

namespace qbe = cti::qbe;
using Kind = qbe::Said::Kind;

/// An object that is written as it grows.
class Object {
public:
  Object& text(std::string_view key, const std::string& value) { return raw(key, admin::to_json(value)); }
  Object& number(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
  Object& raw(std::string_view key, const std::string& json) {
    body_.append(body_.empty() ? "\"" : ",\"").append(key).append("\":").append(json);
    return *this;
  }
  std::string done() const { return "{" + body_ + "}"; }

private:
  std::string body_;
};

template <class Items, class Json>
std::string array(const Items& items, Json json) {
  std::string out;
  for (const auto& item : items)
    out.append(out.empty() ? "" : ",").append(json(item));
  return "[" + out + "]";
}

std::string object(const std::vector<qbe::Said>& fields);

std::string value(const qbe::Said& said) {
  switch (said.kind) {
    case Kind::nothing: return "null";
    case Kind::number: return std::to_string(said.number);
    case Kind::flag: return said.number != 0 ? "true" : "false";
    case Kind::handle: return "\"" + std::to_string(said.number) + "|" + std::to_string(said.second) + "\"";
    case Kind::text: return admin::to_json(said.text);
    case Kind::bytes: {
      const auto* const bytes = reinterpret_cast<const std::uint8_t*>(said.text.data());
      return Object().number("bytes", said.number).text("hex", to_hex({bytes, said.text.size()})).done();
    }
    case Kind::secret: return Object().number("secret_bytes", said.number).done();
    case Kind::element: return object(said.parts);
    case Kind::list: return array(said.parts, value);
  }
  return "null";
}

std::string object(const std::vector<qbe::Said>& fields) {
  Object out;
  for (const auto& field : fields) {
    out.raw(field.name, value(field));
    if (field.kind == Kind::number && !field.text.empty()) out.text(field.name + "_means", field.text);
  }
  return out.done();
}

std::string texts(const std::vector<std::string>& all) {
  return array(all, [](const std::string& text) { return admin::to_json(text); });
}

std::string counts(const std::map<std::uint32_t, std::uint64_t>& ids, bool hex) {
  Object out;
  for (const auto& [id, frames] : ids)
    out.number(hex ? qbe::code_text(id) : std::to_string(id), frames);
  return out.done();
}

}  // namespace

std::string decode_json(const Record& record) {
  const auto& frame = record.frame;
  Object out;
  out.number("frame", record.number);
  if (record.at_us) out.text("time", time_text(*record.at_us)).raw("at_us", std::to_string(*record.at_us));
  if (record.connection != 0)
    out.number("connection", record.connection).text("from", record.from).text("to", record.to);
  out.number("id", frame.id).text("name", frame.name).text("version", qbe::code_text(frame.version));
  out.number("size", frame.size).number("fixed_size", frame.fixed_size);
  out.number("variable_size", frame.variable_size);
  if (record.answers) {
    Object answers;
    answers.number("frame", record.answers->frame).text("name", record.answers->name);
    if (record.answers->after_us) answers.raw("after_us", std::to_string(*record.answers->after_us));
    out.raw("answers", answers.done());
  }
  out.raw("fields", object(frame.fields));
  return out.raw("mismatches", texts(frame.mismatches)).raw("notes", texts(frame.notes)).done() + "\n";
}

std::string decode_json(const Remark& remark) {
  Object out;
  out.text("remark", remark.text).raw("mismatch", remark.mismatch ? "true" : "false");
  if (remark.at_us) out.text("time", time_text(*remark.at_us));
  if (remark.connection != 0) out.number("connection", remark.connection);
  return out.done() + "\n";
}

std::string decode_json(const Summary& summary) {
  Object out;
  out.number("frames", summary.frames).number("shown", summary.shown).number("packets", summary.packets);
  out.number("connections", summary.connections).number("requests", summary.requests);
  out.number("answered", summary.answered).number("unanswered", summary.unanswered);
  out.number("bytes_skipped", summary.bytes_skipped).number("bytes_missing", summary.bytes_missing);
  out.number("tls_connections", summary.tls_connections).number("tls_packets", summary.tls_packets);
  out.number("fragments", summary.fragments).number("unknown_links", summary.unknown_links);
  out.raw("versions", counts(summary.versions, true)).raw("unknown_ids", counts(summary.unknown_ids, false));
  out.raw("without_fields", counts(summary.without_fields, false)).number("mismatches", summary.mismatches);
  return "{\"summary\":" + out.done() + "}\n";
}

}  // namespace linebridge::cli
