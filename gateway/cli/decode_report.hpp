#pragma once

#include <string>

#include "cli/cti_decoder.hpp"

/// What a CtiDecoder found, for people and as JSON: one line for each frame, remark and the summary.
namespace linebridge::cli {

std::string decode_text(const Record& record);
std::string decode_text(const Remark& remark);
std::string decode_text(const Summary& summary);

std::string decode_json(const Record& record);
std::string decode_json(const Remark& remark);
std::string decode_json(const Summary& summary);

}  // namespace linebridge::cli
