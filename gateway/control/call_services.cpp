#include "control/call_services.hpp"

#include "control/errors.hpp"
#include "control/own_line.hpp"

namespace linebridge::control {
namespace {

namespace driver = cti::driver;
namespace errors = model::errors;

template <class Operation>
driver::Operation on(driver::LineHandle line, driver::LegHandle leg) {
  return Operation{line, leg};
}
template <class Done>
model::Response done() {
  return Done{};
}

}  // namespace

const CallService answer_call{"AnswerCall", on<driver::AnswerCall>, done<model::CallAnswered>,
                              errors::no_call_to_answer, true};
const CallService clear_connection{"ClearConnection", on<driver::Disconnect>, done<model::ClearedConnection>,
                                   errors::no_connection_to_clear};
const CallService hold_call{"HoldCall", on<driver::HoldCall>, done<model::CallHeld>,
                            errors::invalid_connection_id};
const CallService retrieve_call{"RetrieveCall", on<driver::RetrieveCall>, done<model::CallRetrieved>,
                                errors::invalid_connection_id, true};

model::ErrorCode error_of(const CallService& service, const driver::Failure& failure) {
  const model::ErrorCode error = error_of(failure);
  return error == errors::invalid_connection_id ? service.gone : error;
}

std::variant<const Call*, NotNamed> named_call(const Line& line, const model::ConnectionId& asked,
                                               const model::DeviceId& own, model::ErrorCode gone) {
  if (asked == model::ConnectionId{}) return NotNamed{errors::invalid_connection_id, "no connection is named"};
  if (!asked.device.value.empty())
    if (const auto error = refusal_of(asked.device, own, errors::invalid_connection_id))
      return NotNamed{*error, "the connection's device is not the session's"};
  if (line.state == Line::State::failed) return NotNamed{error_of(*line.failure), words_of(*line.failure)};
  if (line.state != Line::State::in_service)
    return NotNamed{errors::device_out_of_service, "the phone is not registered"};

  const Call* found = nullptr;
  bool several = false;
  line.for_each_call([&](const Call& call) {
    if (!asked.call.value.empty() && call.id != asked.call) return;
    several = found != nullptr;
    found = &call;
  });
  if (found == nullptr) return NotNamed{gone, "no such call on the line"};
  if (several) return NotNamed{errors::invalid_connection_id, "the line has several calls, and none is named"};
  return found;
}

}  // namespace linebridge::control
