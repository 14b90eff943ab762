# A lone starred expression.
a = *b
