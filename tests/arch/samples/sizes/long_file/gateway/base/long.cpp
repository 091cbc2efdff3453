// One line too many.  expect: sizes
@repeat 600 extern int x;
