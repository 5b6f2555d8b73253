"""From the text of a cell or phrase to a value and a state. Pure functions, one module for each kind of value.

Every parser takes any text at all, never raises, and gives no value where it could not read one.
"""
