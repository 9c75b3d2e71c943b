//! What is made by the engine alone cannot be made from outside: each file of `tests/forged` is refused by the compiler.
//!
//! What ranking takes is a permitted treatment, which only the check of consent makes (`src/decide/consent.rs`).

#[test]
fn neither_a_consent_nor_a_decision_can_be_forged() {
    trybuild::TestCases::new().compile_fail("tests/forged/*.rs");
}
