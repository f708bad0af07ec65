"""Platforms as the tests play them: pushes signed as each platform signs, the details that are looked up, and the events that come of it.

All values are made up. The signatures are reckoned here, from what the platforms say of them.
"""
