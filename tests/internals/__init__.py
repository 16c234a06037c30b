"""Finds what our code uses of other libraries that they neither document nor promise to keep."""
