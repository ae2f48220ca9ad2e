// The CytoselfAnalysis library.
