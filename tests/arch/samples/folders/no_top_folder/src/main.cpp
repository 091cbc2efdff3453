int main() {}  // expect: folders
