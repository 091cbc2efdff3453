// TODO: write this. expect: words
