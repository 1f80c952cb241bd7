"""Reading privacy notices: what they say, as facts with the sentence that each came from."""
