"""What was measured, said in plain words with the number beside it; a lens picks from these."""
