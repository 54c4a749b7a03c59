"""The evaluation extract: which columns it has, how its rows are made safe, and the file that holds them."""
