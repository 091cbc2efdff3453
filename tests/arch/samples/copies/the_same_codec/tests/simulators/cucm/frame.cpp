// The same code under another comment. expect: copies
int length(const char* at) { return at[0]; }
