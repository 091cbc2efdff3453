auto at() { return std::chrono::steady_clock::now(); }  // expect: calls
