//! What the derives say of misuse: each file of `tests/ui` must fail with the words in the `.stderr` next to it.
//!
//! The words are the derives' own, so that a new compiler does not change them. After changing one on purpose, write
//! the files anew and read the difference:
//!
//! ```text
//! TRYBUILD=overwrite cargo test --test derive_errors
//! ```
#![cfg(feature = "derive")]

#[test]
fn misuse_is_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
