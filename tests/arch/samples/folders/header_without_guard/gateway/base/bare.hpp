int bare();  // expect: folders
