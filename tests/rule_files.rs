//! The tests of the shop, one line each.

nextbest::rule_tests_main!("tests/testing/*.nba");
