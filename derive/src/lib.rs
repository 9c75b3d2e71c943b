//! Derive macros for `nextbest`.
