//! Lints: what can be used as it stands, but probably does not say what was meant.

mod levels;

pub(crate) use levels::apply;
