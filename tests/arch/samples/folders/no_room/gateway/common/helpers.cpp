int helper() { return 1; }  // expect: folders
