//! The tests of the shop and of the worked file, one line each.

nextbest::rule_tests_main!("tests/testing/*.nba");
