#include <array>

#include "base/text.hpp"
#include "cli/decode_report.hpp"
#include "cli/time_text.hpp"
#include "cti/qbe/codes.hpp"
#include "cti/qbe/names.hpp"

namespace linebridge::cli {
namespace {

namespace qbe = cti::qbe;
using Kind = qbe::Said::Kind;

/// In quotes, so that nothing a peer sent reaches the terminal as a control character.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C1 controls are two bytes of UTF-8.
    const bool c1 = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c < 0x20 || c == 0x7F || c1)
      out.append("\\x").append(to_hex({&c, 1}));
    else
      out.append(c == '"' ? "\\" : "").push_back(text[i]);
  }
  return out + '"';
}

std::string number_text(std::uint32_t number, const std::string& means) {
  if (means == std::to_string(number)) return means;  // A digit that was dialled.
  if (number >= 0x80000000) {
    if (qbe::code_name(number) == means && !means.empty()) return qbe::code_text(number);
    const auto negative = static_cast<std::int32_t>(number);
    const std::string text = negative > -65536 ? std::to_string(negative) : qbe::code_text(number);
    return means.empty() ? text : text + " " + means;
  }
  return std::to_string(number) + (means.empty() ? "" : " " + means);
}

std::string bytes_text(const qbe::Said& said) {
  const auto* const raw = reinterpret_cast<const std::uint8_t*>(said.text.data());
  return std::to_string(said.number) + " bytes " + to_hex({raw, said.text.size()}) +
         (said.text.size() < said.number ? "..." : "");
}

std::string plain(const qbe::Said& said) {
  switch (said.kind) {
    case Kind::nothing: return "null";
    case Kind::number: return number_text(said.number, said.text);
    case Kind::flag: return said.number != 0 ? "true" : "false";
    case Kind::handle: return std::to_string(said.number) + "|" + std::to_string(said.second);
    case Kind::text: return quoted(said.text);
    case Kind::bytes: return bytes_text(said);
    case Kind::secret: return std::to_string(said.number) + " bytes, not shown";
    case Kind::element:
    case Kind::list: return {};
  }
  return {};
}

void append_fields(std::string& out, const std::vector<qbe::Said>& fields, std::size_t indent);

void append_list(std::string& out, const qbe::Said& said, std::size_t indent) {
  const bool simple = said.parts.empty() || said.parts.front().kind != Kind::element;
  if (simple) {
    out += " = [";
    for (std::size_t i = 0; i < said.parts.size(); ++i)
      out.append(i == 0 ? "" : ", ").append(plain(said.parts[i]));
    out += "]\n";
    return;
  }
  out += " = " + std::to_string(said.parts.size()) + (said.parts.size() == 1 ? " element\n" : " elements\n");
  for (std::size_t i = 0; i < said.parts.size(); ++i) {
    out.append(indent + 2, ' ').append("[" + std::to_string(i) + "]\n");
    append_fields(out, said.parts[i].parts, indent + 4);
  }
}

void append_fields(std::string& out, const std::vector<qbe::Said>& fields, std::size_t indent) {
  for (const auto& field : fields) {
    out.append(indent, ' ').append(field.name);
    if (field.kind == Kind::element) {
      out += ":\n";
      append_fields(out, field.parts, indent + 2);
    } else if (field.kind == Kind::list) {
      append_list(out, field, indent);
    } else {
      out.append(" = ").append(plain(field)).append("\n");
    }
  }
}

std::string version_text(std::uint32_t version) {
  return qbe::code_text(version);
}

std::string milliseconds(std::int64_t us) {
  const std::string fraction = std::to_string(1000 + (us < 0 ? -us : us) % 1000).substr(1);
  return (us < 0 ? "-" : "") + std::to_string((us < 0 ? -us : us) / 1000) + "." + fraction + " ms";
}

void append_ids(std::string& out, std::string_view title, const std::map<std::uint32_t, std::uint64_t>& ids,
                bool hex) {
  if (ids.empty()) return;
  out.append(title);
  const char* between = ": ";
  for (const auto& [id, frames] : ids) {
    out.append(between).append(hex ? version_text(id) : std::to_string(id));
    if (const std::string name = hex ? "" : qbe::name_of(id); !name.empty()) out.append(" ").append(name);
    out.append(" (" + std::to_string(frames) + ")");
    between = ", ";
  }
  out += "\n";
}

void append_count(std::string& out, std::string_view title, std::uint64_t count) {
  if (count != 0) out.append(title).append(": ").append(std::to_string(count)).append("\n");
}

}  // namespace

std::string decode_text(const Record& record) {
  const auto& frame = record.frame;
  std::string out = "#" + std::to_string(record.number);
  if (record.at_us) out += "  " + time_text(*record.at_us);
  if (!record.from.empty()) out += "  " + record.from + " -> " + record.to;
  out += "  " + (frame.name.empty() ? "unknown message" : frame.name) + " (" + std::to_string(frame.id) + ")";
  out += "  version " + version_text(frame.version) + ", " + std::to_string(frame.size) + " bytes: fixed " +
         std::to_string(frame.fixed_size) + ", variable " + std::to_string(frame.variable_size) + "\n";
  if (record.answers) {
    out += "  answers " + record.answers->name + ", #" + std::to_string(record.answers->frame);
    if (record.answers->after_us) out += ", after " + milliseconds(*record.answers->after_us);
    out += "\n";
  }
  append_fields(out, frame.fields, 2);
  for (const auto& mismatch : frame.mismatches)
    out += "  ! " + mismatch + "\n";
  for (const auto& note : frame.notes)
    out += "  * " + note + "\n";
  return out;
}

std::string decode_text(const Remark& remark) {
  std::string out = remark.mismatch ? "!" : "*";
  if (remark.at_us) out += "  " + time_text(*remark.at_us);
  if (remark.connection != 0) out += "  connection " + std::to_string(remark.connection);
  return out + "  " + remark.text + "\n";
}

std::string decode_text(const Summary& summary) {
  std::string out = "\nframes: " + std::to_string(summary.frames) + "\n";
  if (summary.shown != summary.frames) append_count(out, "frames shown", summary.shown);
  append_count(out, "packets", summary.packets);
  append_count(out, "connections", summary.connections);
  append_ids(out, "versions", summary.versions, true);
  out += "requests: " + std::to_string(summary.requests) + ", answered: " + std::to_string(summary.answered) +
         "\n";
  append_count(out, "requests without an answer", summary.unanswered);
  append_ids(out, "messages whose fields are not known", summary.without_fields, false);
  append_count(out, "bytes that were not captured", summary.bytes_missing);
  append_count(out, "bytes that are no frame", summary.bytes_skipped);
  append_count(out, "connections in TLS, which cannot be read", summary.tls_connections);
  append_count(out, "packets of port 2749 (CTI in TLS, which cannot be read)", summary.tls_packets);
  append_count(out, "packets in fragments, which are not put together", summary.fragments);
  append_count(out, "packets of a kind of link that is not known", summary.unknown_links);
  std::uint64_t unknown = 0;
  for (const auto& [id, frames] : summary.unknown_ids)
    unknown += frames;
  out += "unknown ids: " + std::to_string(unknown) + "\n";
  append_ids(out, "which are", summary.unknown_ids, false);
  return out + "mismatches: " + std::to_string(summary.mismatches) + "\n";
}

}  // namespace linebridge::cli
