"""Looking at captured pictures: their text and contacts, and links between advertisements."""
