"""Bringing what a prison's spreadsheet holds: kinds of list, what their columns mean, how a row is checked and saved.

An app above registers its own kinds when it is ready; nothing is imported upwards.
"""
