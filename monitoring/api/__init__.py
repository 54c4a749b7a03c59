"""The interface for programs: its shapes, its addresses, and the description that is made from both."""
