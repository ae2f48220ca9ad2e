// The CytoselfTraining library.
