"""What `script/demo`, `script/test` and `script/dev-servers` are made of.

Modules that say "standard library only" run before `.venv` exists, with whatever Python the machine has.
"""
