"""Handing over to the other body what the office registered: a bundle a day (paras 5, 7 and 8, contradiction 20)."""
