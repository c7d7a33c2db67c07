//! The student's own verbs: a draft that is kept, a confirmation that happens once, a change that is asked.

mod brouillon;
mod courses;
mod decor;
mod suites;
mod sujets;
mod validation;
