one = 1  # expect: folders
