"""The commands a newcomer guesses (demo, test) and the code behind them."""
