"""What every way of looking at the web shares: addresses, and cookies as browsers read them."""
