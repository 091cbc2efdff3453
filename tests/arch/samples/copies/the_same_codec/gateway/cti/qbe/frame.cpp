int length(const char* at) { return at[0]; }
