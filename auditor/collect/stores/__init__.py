"""Looking at stored data: which personal data is there, and how old it is."""
