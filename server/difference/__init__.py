"""Two recordings: what changed between them, and where each second went. Pure: arrays and paths, no database,
no web.

How it works. ``listen_to`` keeps of each recording what a comparison needs (``features``). ``map_time`` finds
for each second of A its place in B: the waveforms decide where the two share audio; the notes where the music
was played anew, first in coarse steps, then by its onsets, under a last chord by where it is let go, its ends where
it fits no more. ``measure_difference`` then lays the two on top of one another, at equal loudness, and measures what
differs and where. What of that is worth saying at a stage is up to ``server.stages``.

Where the ideas come from: generalised cross-correlation with phase transform (Knapp and Carter 1976), one-bit
correlation (Van Vleck and Middleton 1966), matched filters (North 1943), best paths (Viterbi 1967; Sakoe and Chiba
1978), tempo as a second dimension of the path (Krebs, Böck and Widmer 2015), pitch classes (Fujishima 1999), clear
diagonals in similarity matrices (Müller and Kurth 2006), onsets in alignment (Ewert, Müller and Grosche 2009),
smoothing that weighs what it is given (Whittaker 1923), decays by backward integration (Schroeder 1965), decoys to
calibrate confidence (Elias and Gygi 2007), loudness after ITU-R BS.1770 and EBU R 128, the null after matching gain
and delay as engineers do it.
"""
