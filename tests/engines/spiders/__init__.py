"""Sites on the programs under test; where they are comes from the environment."""
