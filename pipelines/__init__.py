"""The chain that every advertisement passes, one thin file a step, each over a core function."""
