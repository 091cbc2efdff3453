int nothing = 0;  // expect: folders
