def f(x):  # expect: sizes
@repeat 60     x += 1


def g():
    pass
