"""The office (кеңсе): what arrives is registered on the day it arrives and kept as it came (paras 5, 7)."""
