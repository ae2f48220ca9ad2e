// The CytoselfModel library.
