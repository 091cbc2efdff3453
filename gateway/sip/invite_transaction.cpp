#include "sip/invite_transaction.hpp"

namespace linebridge::sip {

void InviteTransaction::answered(const Message& invite, TimePoint now) {
  branch_ = invite.head.top_via_branch();
  cseq_ = invite.cseq;
  answered_ = now;
  until_ = now + life;
}

// A client's own Via may lack the branch; a proxy's, which stands on top where one is, has it.
bool InviteTransaction::is_of(const Message& request) const {
  const std::string_view branch = request.head.top_via_branch();
  return branch == branch_ && (!branch.empty() || request.cseq == cseq_);
}

bool InviteTransaction::merges(const Message& invite, TimePoint now) const {
  return now < answered_ + life && invite.cseq == cseq_ && !is_of(invite);
}

}  // namespace linebridge::sip
