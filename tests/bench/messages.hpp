#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The SIP messages of clients behind one OCS host, in the size and shape of real ones. Bytes only.
namespace linebridge::bench {

/// One client in one dialog. All clients of a run are numbered from 0.
class Client {
public:
  explicit Client(std::size_t number);

  std::string invite() const;
  std::string ack() const;
  /// An INFO with a CSTA body, numbered on; `name` is its element.
  std::string info(std::string_view body);
  std::string bye();
  /// The 200 to a request of the node.
  static std::string ok(std::string_view request);

  /// The CSTA bodies.
  static std::string get_features();
  std::string monitor_start() const;
  std::string monitor_stop(std::string_view monitor) const;
  std::string make_call(std::string_view number) const;
  std::string snapshot_device() const;

  /// The number of the client whose Call-ID this is.
  static std::optional<std::size_t> number_in(std::string_view call_id);

  /// Takes the To tag from the 200 to the INVITE. False: it is no 200.
  bool signed_in(std::string_view answer);

  const std::string& user() const { return user_; }      ///< "sip:user00001@example.test"
  const std::string& number() const { return number_; }  ///< "10001"
  const std::string& line() const { return line_; }      ///< "tel:10001;phone-context=dialstring"
  const std::string& call_id() const { return call_id_; }
  const std::string& monitor() const { return monitor_; }
  void set_monitor(std::string monitor) { monitor_ = std::move(monitor); }

private:
  std::string request(std::string_view method, std::string_view headers, std::string_view body) const;

  std::string user_, number_, line_, call_id_;
  std::string to_tag_;
  std::string monitor_;
  std::uint32_t cseq_ = 1;
};

/// "SEP" with the client's number: its phone.
std::string phone_name(std::size_t number);
std::string phone_number(std::size_t number);

/// The value of the first header of this name; the text of the first XML element of this name. Empty: none.
std::string_view header(std::string_view message, std::string_view name);
std::string_view element(std::string_view message, std::string_view name);

/// The first whole message of `bytes`, empty if there is none.
std::string_view first_message(std::string_view bytes);

}  // namespace linebridge::bench
