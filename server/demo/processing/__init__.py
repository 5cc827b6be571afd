"""What happens to a part after it was played: linear equalisers and rooms, and the master's limiter."""
