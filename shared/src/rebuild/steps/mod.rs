//! What is done at each place: read, compare, mend, tell, and say where to go on.

mod counters;
mod deals;
mod events;
mod lead_days;
mod sales;
