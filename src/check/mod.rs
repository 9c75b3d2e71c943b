//! Tree + schema → checked rules.

pub mod tree;
