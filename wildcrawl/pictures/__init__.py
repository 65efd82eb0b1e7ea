"""Pictures: decoding within limits, views, hashes, features, text and codes; plain functions."""
