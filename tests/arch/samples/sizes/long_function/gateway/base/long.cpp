int f(int x) {  // expect: sizes
@repeat 58   ++x;
  return x;
}
