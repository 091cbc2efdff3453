const char* path() { return std::getenv("LINEBRIDGE_CONFIG"); }  // expect: calls
